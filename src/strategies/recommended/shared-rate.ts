import type { Millis } from '../../core/clock.ts'

/** The first rate, in attempts a second, and the time of sending in which it doubles until the first denial. */
const firstRate = 2
const doubling: Millis = 2000

/** The growth is `growth`·√r attempts a second, in each second of sending. */
const growth = 0.07

/** What is left of the rate after a denial. */
const cut = 0.85

/**
 * A rate that several processes share fairly although they do not talk. While a process sends, its rate r grows by 0.07·√r in a second; a
 * denial cuts it to 85 %. A limit denies what arrives, whoever sent it: with the same share p of denials for all, the rate changes by
 * 0.07·√r − 0.15·p·r² in a second, and the only rate at which it stays, (0.07 / 0.15p)^⅔, is the same for every process. A larger rate is cut more often, a
 * smaller one less, so differences die out. (Binomial congestion control, Bansal and Balakrishnan, INFOCOM 2001: it is fair because
 * the exponents of growth, −½, and of cuts, 1, have a sum above 0.)
 *
 * It takes a cut for each denial, not for each second with one. Of a flight, attempts that were sent before the last cut, the first denial
 * alone counts: the others say the same. Until the first denial the rate doubles every 2 s. An idle time proves nothing, so at most
 * two intervals count as sending.
 */
export class SharedRate {
  perSecond = firstRate
  #isDenied = false
  #last: Millis = -Infinity
  #lastCut: Millis = -Infinity

  /** The time from one attempt to the next, in milliseconds, with fractions. */
  get interval(): Millis {
    return 1000 / this.perSecond
  }

  /** Goes on from a rate that has been borne. */
  restart(perSecond: number): void {
    this.perSecond = perSecond
    this.#isDenied = true
  }

  send(now: Millis): void {
    const elapsed = Math.min(now - this.#last, 2 * this.interval)
    this.#last = now
    if (this.#isDenied) this.perSecond += (growth * Math.sqrt(this.perSecond) * elapsed) / 1000
    else this.perSecond *= 2 ** (elapsed / doubling)
  }

  /** An attempt that was sent at `sentAt` was denied. */
  deny(sentAt: Millis, now: Millis): void {
    if (sentAt <= this.#lastCut) return
    this.#lastCut = now
    this.#isDenied = true
    this.perSecond *= cut
  }
}
