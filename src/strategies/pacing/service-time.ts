import type { Call, Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { RecentQuantile } from '../recent-quantile.ts'

/**
 * How long an answer takes, learned from the replies: 98 of 100 calls are answered in less.
 *
 * A caller who gives up hides how long the answer would have taken. If only replies counted, then under overload, where many calls have
 * just enough time, the estimate would sink with each round of replies. So a call that is given up after the estimate counts as twice the
 * time it had, as a lost packet doubles the time-out of TCP (RFC 6298). One that is given up before says nothing.
 */
export class ServiceTime {
  readonly #quantile = new RecentQuantile(0.98)

  /** The 0.98 quantile, in milliseconds; 0 as long as nothing is known. */
  get estimate(): Millis {
    return this.#quantile.valueOr(0)
  }

  /** Is told how a call ended, with a reply or without one, and how long after it was sent. */
  learn(call: Call, reply: Reply | undefined, took: Millis): void {
    if (reply?.kind === 'ok') this.#quantile.add(took)
    else if (!reply && call.signal.aborted && took >= this.estimate) this.#quantile.add(2 * took)
  }
}
