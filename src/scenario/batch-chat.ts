import type { Millis } from '../core/clock.ts'

/** The endpoint of Batch Chat in a simulated world, beside that of the provider itself. */
export const batchEndpoint = 'batch'

/** The longest time for which Batch Chat keeps a call waiting before it serves it. */
export const longestBatchWait: Millis = 3_600_000
