/** What the environment says, or else the default; `npm run k6` sets all of it. */
export const settings = {
  baseUrl: __ENV.RATELAB_BASE_URL ?? 'http://127.0.0.1:8420/compatible-mode/v1',
  key: __ENV.RATELAB_KEY ?? 'sk-ratelab',
  model: __ENV.RATELAB_MODEL ?? 'qwen3-max',
  /** That of the mock's clock: the strategies' waits must pass as fast. */
  speed: Number(__ENV.RATELAB_SPEED ?? 1),
  calls: Number(__ENV.RATELAB_CALLS ?? 300),
  strategy: __ENV.RATELAB_STRATEGY ?? 'retry-pace',
}
