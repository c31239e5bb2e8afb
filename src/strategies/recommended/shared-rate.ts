import type { Millis } from '../../core/clock.ts'

/** The first rate, in attempts a second, and the time of sending in which it doubles until the first denial. */
const firstRate = 2
const doubling: Millis = 2000

/** At most so much of the time from one attempt to the next counts as sending: a rate that was denied for an hour does not jump. */
const longestSending: Millis = 10_000

/** The growth is `growth`·√r attempts a second, in each second of sending, and from this rate on in proportion to r: a cut is made good as soon. */
const growth = 0.08
const high = 25

/** A newcomer grows so many times as fast until it has sent for so long: it has its part soon, and knows soon whether it is alone. */
const newcomer = { haste: 2, time: 30_000 }

/** A rate that is not denied for so long grows faster from then on, in proportion to the time, and at most so many times as fast. */
const quiet = { time: 10_000, mostHaste: 6 }

/** After so many denials in a row the rate does not grow before an admission: a provider that counts rejects would admit nothing any more. */
const mostDenials = 8

/** What is left of the rate after a denial. */
const cut = 0.85

/**
 * A rate that several processes share fairly although they do not talk. While a process sends, its rate r grows by 0.08·√r in a second; a
 * denial cuts it to 85 %. A limit denies what arrives, whoever sent it: with the same share p of denials for all, the rate changes by
 * 0.08·√r − 0.15·p·r² in a second, and the only rate at which it stays, (0.08 / 0.15p)^⅔, is the same for every process. A larger rate is cut more often, a
 * smaller one less, so differences die out. (Binomial congestion control, Bansal and Balakrishnan, INFOCOM 2001: it is fair because
 * the exponents of growth, −½, and of cuts, 1, have a sum above 0.)
 *
 * It takes a cut for each denial, not for each second with one. Of a flight, attempts that were sent before the last cut, the first denial
 * alone counts: the others say the same. Until the first denial the rate doubles every 2 s. An idle time proves nothing, so at most
 * two intervals count as sending, and 10 s. The growth is faster for a newcomer, and when there is no denial for long: then a limit was raised, or others
 * have left. Above 25 attempts a second it is in proportion to r, which is fair, too, if less quickly.
 */
export class SharedRate {
  perSecond = firstRate
  #isDenied = false
  /** The time of sending in all, and since the last denial. */
  #sending: Millis = 0
  #quiet: Millis = 0
  #denialsInARow = 0
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
    this.#quiet = 0
  }

  send(now: Millis): void {
    const elapsed = Math.min(now - this.#last, 2 * this.interval, longestSending)
    this.#last = now
    this.#sending += elapsed
    this.#quiet += elapsed
    if (this.#denialsInARow >= mostDenials) return
    if (this.#isDenied) this.perSecond += (this.#haste * this.#growth * elapsed) / 1000
    else this.perSecond *= 2 ** (elapsed / doubling)
  }

  admit(): void {
    this.#denialsInARow = 0
  }

  /** An attempt that was sent at `sentAt` was denied. */
  deny(sentAt: Millis, now: Millis): void {
    if (sentAt <= this.#lastCut) return
    this.#lastCut = now
    this.#isDenied = true
    this.#denialsInARow++
    this.#quiet = 0
    this.perSecond *= cut
  }

  /** By how much the rate grows in a second, without haste. */
  get #growth(): number {
    return growth * Math.sqrt(this.perSecond) * Math.max(1, Math.sqrt(this.perSecond / high))
  }

  get #haste(): number {
    const asNewcomer = this.#sending < newcomer.time ? newcomer.haste : 1
    return Math.max(asNewcomer, Math.min(quiet.mostHaste, this.#quiet / quiet.time))
  }
}
