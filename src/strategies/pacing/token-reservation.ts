import type { Call, Reply } from '../../core/call.ts'
import { RecentQuantile } from '../recent-quantile.ts'

/**
 * How many tokens are reserved for a call before its answer is known: its prompt, and the 0.95 quantile of past outputs, `max_tokens` at most.
 * As long as there is no output, it is `max_tokens`.
 */
export class TokenReservation {
  readonly #outputs = new RecentQuantile(0.95)

  of({ promptTokens, maxTokens }: Call): number {
    return promptTokens + Math.min(maxTokens, this.#outputs.valueOr(maxTokens))
  }

  /**
   * Learns from a reply and returns how many tokens the call used: those of the usage of an answer, none of a 429. `reserved` remains where
   * nobody knows, as after an abort.
   */
  used(reply: Reply | undefined, reserved: number): number {
    if (reply?.kind === 'throttled') return 0
    if (reply?.kind !== 'ok') return reserved
    const { promptTokens, outputTokens } = reply.usage
    this.#outputs.add(outputTokens)
    return promptTokens + outputTokens
  }
}
