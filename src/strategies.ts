// Every strategy of `src/strategies/` with its options, as the public face exports them. Nobody edits this list: a test computes
// it from the folder, and `npm test -- -u` writes it.
export { type ArticleBackoffOptions, articleBackoff } from './strategies/article/backoff.ts'
export { type ArticleFallbackOptions, articleFallback } from './strategies/article/fallback.ts'
export { type ArticleProxyClientOptions, articleProxyClient } from './strategies/article/proxy-client.ts'
export { type ArticleQueueOptions, articleQueue } from './strategies/article/queue.ts'
export { type ArticleRotationOptions, articleRotation } from './strategies/article/rotation.ts'
export { type ConcurrencyOptions, concurrency } from './strategies/pacing/concurrency.ts'
export { type PaceOptions, pace } from './strategies/pacing/pace.ts'
export { type QueueOptions, queue } from './strategies/pacing/queue.ts'
export { type RetryOptions, retry } from './strategies/retry/retry.ts'
export { type SdkOpenaiOptions, sdkOpenai } from './strategies/retry/sdk-openai.ts'
export { type RotationOptions, rotation } from './strategies/targets/rotation.ts'
