import type { Millis } from '../../core/clock.ts'
import type { SentAttempt } from './sent-attempt.ts'

const firstPause: Millis = 500
const longestPause: Millis = 1500

/**
 * How fast the load may grow. Before the first denial nothing is known, so that at most as many attempts may be without a sign of their
 * admission as have been confirmed, and two at least: this doubles from round to round. A guard against growth, whose law is not documented,
 * denies with a cause of its own. Then everything waits, and one attempt at a time probes. Once one is admitted, as many follow
 * at once as were admitted since the hold before, and beyond them a quarter as many may be without a sign.
 */
export class Growth {
  /** The attempts that were admitted since the last hold, and those of the time before it. */
  #admitted = 0
  #before = 0
  #sent = 0
  #isFirst = true
  #isGuarded = false
  #isHeld = false
  #since: Millis = -Infinity
  #probeAt: Millis = -Infinity
  #pause: Millis = firstPause
  #probe: SentAttempt | undefined

  get isHeld(): boolean {
    return this.#isHeld
  }

  /** The first instant at which one more attempt passes; `Infinity`: not before one of those without a sign is confirmed. */
  readyAt(unconfirmed: number, now: Millis): Millis {
    if (this.#isHeld) return this.#probe ? Infinity : Math.max(now, this.#probeAt)
    if (!this.#isFirst && !this.#isGuarded) return now
    if (this.#isGuarded && this.#sent < this.#before) return now
    const most = this.#isFirst ? this.#admitted : Math.max(this.#before, this.#admitted) / 4
    return unconfirmed < Math.max(2, most) ? now : Infinity
  }

  send(attempt: SentAttempt): void {
    this.#sent++
    if (this.#isHeld) this.#probe = attempt
  }

  admit(attempt: SentAttempt): void {
    if (this.#isHeld && attempt === this.#probe) {
      this.#isHeld = false
      this.#since = attempt.sentAt
      this.#before = this.#admitted
      this.#admitted = 0
      this.#sent = 1
      this.#pause = firstPause
    }
    if (attempt.sentAt >= this.#since) this.#admitted++
  }

  /** The attempt was denied, or it is not known how it ended. */
  lose(attempt: SentAttempt): void {
    if (attempt === this.#probe) this.#probe = undefined
  }

  /** A limit has denied: from now on the caps decide. */
  limited(): void {
    this.#isFirst = false
  }

  /** The guard has denied this attempt. */
  guarded(attempt: SentAttempt, now: Millis): void {
    this.#isFirst = false
    this.#isGuarded = true
    if (this.#isHeld && attempt !== this.#probe) return
    if (!this.#isHeld && attempt.sentAt < this.#since) return
    if (this.#isHeld) this.#pause = Math.min(longestPause, 1.5 * this.#pause)
    this.#isHeld = true
    this.#probe = undefined
    this.#probeAt = now + this.#pause
  }
}
