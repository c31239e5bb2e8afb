import type { Millis } from '../../core/clock.ts'
import type { Unit } from '../../core/limit.ts'
import type { Cap } from './cap.ts'
import type { SentAttempt } from './sent-attempt.ts'
import type { Spending } from './spending.ts'

/**
 * A window contradicts the evidence if the least sum at a denial is below this share of the greatest sum that was admitted. Requests are
 * counted exactly, but a fixed window or a bucket admits up to twice its limit now and then; tokens are only known in part when a call is sent.
 */
const tolerance: Readonly<Record<Unit, number>> = { requests: 0.65, tokens: 0.8 }

/** How far back a search looks for what was admitted: a limit has hardly fallen just now. */
const past: Millis = 60_000

/** From this share of a known cap on, a denial is first taken to mean that its limit has fallen. */
const fallen = 1 / 3

/**
 * The search for the window whose limit explains denials that no known cap explains. For each window it keeps the least sum at a denial and the
 * greatest that was admitted. The window of the true limit never has a denial below the limit, nor, if it slides, an admission above
 * it. Of all windows that the evidence does not contradict the shortest is suspected, because a mistake about it shows soonest.
 */
export class Search {
  readonly #unit: Unit
  readonly #caps: readonly Cap[]
  readonly #spending: Spending
  readonly #probable: Float64Array
  readonly #possible: Float64Array
  readonly #admitted: Float64Array
  /** The instant of the first denial. */
  readonly since: Millis
  lastDenial: Millis
  /** While it is open, nothing is sent but one probe at a time. */
  isOpen = false
  probe: SentAttempt | undefined
  /** The probes that have been denied in a row. */
  failures = 0
  /** The denials that the window under suspicion has explained since. */
  explained = 0
  #denials = 0

  constructor(unit: Unit, caps: readonly Cap[], spending: Spending, sentAt: Millis, now: Millis) {
    this.#unit = unit
    this.#caps = caps
    this.#spending = spending
    this.since = now
    this.lastDenial = now
    this.#probable = new Float64Array(caps.length).fill(Infinity)
    this.#possible = new Float64Array(caps.length).fill(Infinity)
    this.#admitted = Float64Array.from(caps, ({ window }) => spending.busiest(window, sentAt - 1, past))
  }

  /** An attempt was denied. `flight`: when its clump began. */
  deny(sentAt: Millis, now: Millis, flight: Millis): void {
    this.#denials++
    this.lastDenial = now
    this.#caps.forEach(({ window }, k) => {
      this.#probable[k] = Math.min(this.#probable[k]!, this.#spending.probably(window, sentAt, now, flight))
      this.#possible[k] = Math.min(this.#possible[k]!, this.#spending.possibly(window, sentAt, flight))
    })
  }

  /** An attempt was admitted. */
  admit({ sentAt }: SentAttempt): void {
    if (sentAt < this.since) return
    this.#caps.forEach(({ window }, k) => {
      this.#admitted[k] = Math.max(this.#admitted[k]!, this.#spending.surely(window, sentAt))
    })
  }

  /** The cap that explains the denials best; undefined if none can: all windows were empty. `cost`: that of the denied attempt. */
  suspect(cost: number): Cap | undefined {
    let best: Cap | undefined
    let greatest = 0
    for (let k = 0; k < this.#caps.length; k++) {
      if (this.#possible[k]! <= 0) continue
      const share = (this.#possible[k]! + cost) / this.#admitted[k]!
      if (share >= tolerance[this.#unit]) return this.#caps[k]
      if (share <= greatest) continue
      greatest = share
      best = this.#caps[k]
    }
    return best
  }

  /** The known cap that was fullest, if it was full enough for its limit to have fallen. */
  fullest(): Cap | undefined {
    let best: Cap | undefined
    let greatest = fallen
    this.#caps.forEach((cap, k) => {
      const share = this.#probable[k]! / cap.limit
      if (share <= greatest) return
      greatest = share
      best = cap
    })
    return best
  }

  /** What the limit of this cap would be: no less than what was admitted, as far as that contradicts no denial. */
  limitOf(cap: Cap): number {
    const k = this.#caps.indexOf(cap)
    return Math.max(1, this.#probable[k]!, Math.min(this.#admitted[k]!, this.#possible[k]!))
  }

  /** The sum down to which a window must come before a probe says something about it: a tenth has left it, and as many as were denied. */
  roomIn(cap: Cap): number {
    const least = this.#probable[this.#caps.indexOf(cap)]!
    return Math.max(0, Math.min(0.9 * least, least - this.#denials))
  }
}
