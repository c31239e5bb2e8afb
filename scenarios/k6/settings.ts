/** The settings of the scripts, from the environment. `ratelab k6` sets each of them; a script that k6 runs by itself has the defaults. */
export const settings = {
  baseUrl: __ENV.RATELAB_BASE_URL ?? 'http://127.0.0.1:8420/compatible-mode/v1',
  key: __ENV.RATELAB_KEY ?? 'sk-ratelab',
  model: __ENV.RATELAB_MODEL ?? 'qwen3-max',
  /** The profile of the mock, whose documented limits the strategies know. */
  profile: __ENV.RATELAB_PROFILE ?? 'article',
  /** The speed of the mock's clock, as a multiple of the wall clock's: the strategies' waits must pass as fast. */
  speed: Number(__ENV.RATELAB_SPEED ?? 1),
  calls: Number(__ENV.RATELAB_CALLS ?? 300),
  strategy: __ENV.RATELAB_STRATEGY ?? 'retry-pace',
}
