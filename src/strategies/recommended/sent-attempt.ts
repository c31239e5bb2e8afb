import type { Millis } from '../../core/clock.ts'

/** An attempt as the client knows it. */
export class SentAttempt {
  readonly sentAt: Millis
  readonly promptTokens: number
  /** Whether it is known how it ended, or that it was admitted. */
  isKnown = false

  constructor(sentAt: Millis, promptTokens: number) {
    this.sentAt = sentAt
    this.promptTokens = promptTokens
  }
}
