/** The settings of the scripts, from the environment. `ratelab k6` sets each of them; a script that k6 runs by itself has the defaults. */
export const settings = {
  baseUrl: __ENV.RATELAB_BASE_URL ?? 'http://127.0.0.1:8420/compatible-mode/v1',
  key: __ENV.RATELAB_KEY ?? 'sk-ratelab',
  model: __ENV.RATELAB_MODEL ?? 'qwen3-max',
  /** The profile of the mock. The strategies know its documented limits. */
  profile: __ENV.RATELAB_PROFILE ?? 'article',
  /** How many times as fast as the wall clock the mock's clock goes. The waits of the strategies go as fast. */
  speed: Number(__ENV.RATELAB_SPEED ?? 1),
  /** How many calls `burst.ts` sends. */
  calls: Number(__ENV.RATELAB_CALLS ?? 300),
  /** Where `burst.ts` sends the record of its calls. Default: nowhere. */
  recordUrl: __ENV.RATELAB_RECORD_URL,
  /** The name of the strategy of `burst.ts`, in the catalogue. */
  strategy: __ENV.RATELAB_STRATEGY ?? 'retry-pace',
}
