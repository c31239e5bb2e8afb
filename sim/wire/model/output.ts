import type { Millis } from '../../../src/core/clock.ts'
import type { Completion, Delta } from './completion.ts'

/** What the model writes for one request. The same prompt always gives the same output. */
export interface ModelOutput {
  readonly promptTokens: number
  /** The output tokens of all choices, before `max_tokens` cuts them. */
  readonly wanted: number
  /** The length of all choices, text and reasoning, as `max_tokens` cuts them, UTF-16 units. */
  readonly characters: number
  /** The answer, cut after this many output tokens. `now`: the instant at which the request was admitted. */
  completion(requestId: string, now: Millis, outputTokens: number): Completion
  /** The part of the answer between two counts of output tokens. */
  delta(from: number, to: number): Delta
}
