import http from 'k6/http'
import type { SentCalls } from '../../lab/load/sent-calls.ts'
import { wireDecision } from '../../lab/load/wire-decision.ts'
import type { Reply, Send } from '../../src/core/call.ts'
import type { Clock, Millis } from '../../src/core/clock.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Records the calls of a run and their attempts, for a report of ratelab. */
export class CallRecord {
  readonly #clock: Clock
  readonly #start: Millis
  readonly #calls: Mutable<SentCalls['calls'][number]>[] = []
  readonly #attempts: Mutable<SentCalls['attempts'][number]>[] = []

  constructor(clock: Clock) {
    this.#clock = clock
    this.#start = clock.now()
  }

  /** Returns a `Send` that records each attempt. It belongs beneath the strategy. */
  around(send: Send): Send {
    return async (call) => {
      const attempt = { call: call.id, sentAt: this.#clock.now() - this.#start, verdict: 'refused' as const }
      const row: Mutable<SentCalls['attempts'][number]> = attempt
      this.#attempts.push(row)
      const reply = await send(call)
      row.verdict = wireDecision(reply)[0]
      return reply
    }
  }

  /** Records the end of a call. `reply` is undefined for a call without an answer. */
  settled(id: number, promptTokens: number, reply: Reply | undefined): void {
    const outputTokens = reply?.kind === 'ok' ? reply.usage.outputTokens : 0
    const settledAt = this.#clock.now() - this.#start
    this.#calls[id] = { settledAt, outcome: reply?.kind ?? 'failed', promptTokens, outputTokens }
  }

  /** Sends the record to the command that has started k6. */
  async report(url: string): Promise<void> {
    await http.asyncRequest(
      'POST',
      url,
      JSON.stringify({ calls: this.#calls, attempts: this.#attempts } satisfies SentCalls),
    )
  }
}
