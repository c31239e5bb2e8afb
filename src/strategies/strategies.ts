// Every strategy of this folder with its options, as the public face exports them. Nobody edits this list: a test computes it
// from the folder, and `npm test -- -u` writes it.
export { type ArticleBackoffOptions, articleBackoff } from './article/backoff.ts'
export { type ArticleFallbackOptions, articleFallback } from './article/fallback.ts'
export { type ArticleProxyClientOptions, articleProxyClient } from './article/proxy-client.ts'
export { type ArticleQueueOptions, articleQueue } from './article/queue.ts'
export { type ArticleRotationOptions, articleRotation } from './article/rotation.ts'
export { type ConcurrencyOptions, concurrency } from './pacing/concurrency.ts'
export { type PaceOptions, pace } from './pacing/pace.ts'
export { type QueueOptions, queue } from './pacing/queue.ts'
export { type RetryOptions, retry } from './retry/retry.ts'
export { type RotationOptions, rotation } from './targets/rotation.ts'
