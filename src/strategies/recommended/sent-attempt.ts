import type { Millis } from '../../core/clock.ts'
import type { AskedTokens } from './charge.ts'

/** An attempt as the client knows it. */
export class SentAttempt {
  readonly sentAt: Millis
  readonly promptTokens: number
  readonly maxTokens: number
  /** Whether it is known how it ended, or that it was admitted. */
  isKnown = false

  constructor(sentAt: Millis, { promptTokens, maxTokens }: AskedTokens) {
    this.sentAt = sentAt
    this.promptTokens = promptTokens
    this.maxTokens = maxTokens
  }
}
