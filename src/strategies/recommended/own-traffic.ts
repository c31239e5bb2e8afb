import type { Call, Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { asSpent } from './charge.ts'
import { RoundTrips } from './round-trips.ts'
import { SentAttempt } from './sent-attempt.ts'
import { Spending } from './spending.ts'

/** The log reaches at least so far back: the longest documented window, and the time by which replies may be late. */
const counted: Millis = 90_000

/** What a client has sent on an account, and how long the network takes. It outlives what decides when to send. */
export class OwnTraffic {
  readonly trips = new RoundTrips()
  readonly requests = new Spending('requests', this.trips)
  readonly tokens = new Spending('tokens', this.trips)

  /** Counts an attempt that no mirror counts. */
  send(call: Call, now: Millis): SentAttempt {
    const attempt = new SentAttempt(now, call)
    this.requests.add(now, 1)
    this.tokens.add(now, asSpent.atSend(attempt))
    return attempt
  }

  /** Counts how such an attempt ended, and forgets what is older than this window. */
  end(attempt: SentAttempt, reply: Reply | undefined, now: Millis, longest: Millis): void {
    if (reply?.kind === 'ok') asSpent.atEnd(this.tokens, attempt, reply.usage.outputTokens, now)
    else if (reply?.kind === 'throttled') {
      this.trips.add(now - attempt.sentAt)
      this.requests.reject(attempt.sentAt, 1)
      this.tokens.reject(attempt.sentAt, asSpent.atSend(attempt))
    }
    this.requests.forget(now, longest)
    this.tokens.forget(now, longest)
  }

  /** The requests that were admitted in the time before `now`, or in the last 90 s of it, in each second on average. */
  perSecond(now: Millis, time: Millis): number {
    const span = Math.min(time, counted)
    return this.requests.admitted.sum(now, span) / (span / 1000)
  }
}
