import type { Millis } from '../../../src/core/clock.ts'
import type { Completion, Delta } from './completion.ts'

/** What the model will say to one request: the same for the same prompt, whoever asks and whenever. */
export interface ModelOutput {
  readonly promptTokens: number
  /** Output tokens of all choices, before `max_tokens` cuts them. */
  readonly wanted: number
  /** The whole answer, cut after so many output tokens. */
  completion(requestId: string, now: Millis, outputTokens: number): Completion
  /** What of it a stream carries between two counts of output tokens. */
  delta(from: number, to: number): Delta
}
