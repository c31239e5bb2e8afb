import type { Millis } from '../../core/clock.ts'
import type { Unit } from '../../core/limit.ts'
import type { Cap } from './cap.ts'
import { Search } from './search.ts'
import type { SentAttempt } from './sent-attempt.ts'
import type { Spending } from './spending.ts'

/** After so many denials that the blamed window explains, the blame is no longer in doubt. */
const enough = 3

/** A blame is also no longer in doubt after so many windows, or after the shortest doubt if that is longer. */
const longestDoubt = 10
const shortestDoubt: Millis = 10_000

/** Requests in windows up to this length are waited out before a probe, so that its reply is sure to concern longer windows. */
const shortWindow: Millis = 6000

/** The longest wait for a probe while no window can explain the denials. */
const longestWait: Millis = 60_000

/** Finds the cap that is to blame for denials, and takes the blame back when it turns out to be wrong. */
export class Blame {
  readonly #unit: Unit
  readonly #caps: readonly Cap[]
  readonly #spending: Spending
  #search: Search | undefined
  #cap: Cap | undefined
  /** The limit of the blamed cap before it was blamed. */
  #former = Infinity
  #since: Millis = -Infinity
  #isFresh = false

  constructor(unit: Unit, caps: readonly Cap[], spending: Spending) {
    this.#unit = unit
    this.#caps = caps
    this.#spending = spending
  }

  /** Whether no cap is blamed yet, so that only probes are sent. */
  get isOpen(): boolean {
    return this.#search?.isOpen === true
  }

  /** When the next probe may be sent; `Infinity`: not before something is known of the last one. `pad` widens the windows. */
  probeAt(now: Millis, pad: Millis): Millis {
    const search = this.#search!
    if (search.probe) return Infinity
    const suspect = search.suspect(0)
    if (!suspect) return Math.max(now, search.lastDenial + Math.min(longestWait, 1000 * 2 ** search.failures))
    const { counted } = this.#spending
    const isWaitedOut = this.#unit === 'requests' && suspect.window <= shortWindow
    const room = isWaitedOut ? 0 : search.roomIn(suspect)
    return Math.max(now, counted.reached(counted.total - room) + suspect.window + 2 * pad)
  }

  send(attempt: SentAttempt): void {
    if (this.isOpen) this.#search!.probe = attempt
  }

  admit(attempt: SentAttempt, cost: number, now: Millis): void {
    const search = this.#search
    if (!search) return
    search.admit(attempt)
    // The last cap has the longest window, which is the most careful choice when nothing explains the denials.
    if (search.probe === attempt) this.#put(search.suspect(cost) ?? this.#caps.at(-1)!, search, now)
  }

  /** It is not known, and never will be, whether the attempt was admitted. */
  lose(attempt: SentAttempt): void {
    if (this.#search?.probe === attempt) this.#search.probe = undefined
  }

  /**
   * Takes note of a denial, and returns whether the blame has moved to another cap because of it. `flight`: when the clump of
   * the attempt began.
   */
  moves(sentAt: Millis, cost: number, now: Millis, flight: Millis): boolean {
    if (this.#cap && now - this.#since > Math.max(shortestDoubt, longestDoubt * this.#cap.window)) this.#end()
    const search = this.#search
    if (!search) return false
    search.deny(sentAt, now, flight)
    const suspect = search.suspect(cost)
    if (search.isOpen || !suspect || suspect === this.#cap) return false
    this.#takeBack(now)
    this.#put(suspect, search, now)
    return true
  }

  /** Takes note of a further denial in a flight whose first denial has been dealt with. */
  sameFlight(sentAt: Millis, now: Millis, flight: Millis): void {
    if (this.isOpen) return this.#search!.deny(sentAt, now, flight)
    const cap = this.#cap
    if (cap && this.#isFresh)
      cap.limit = Math.max(1, Math.min(cap.limit, this.#spending.probably(cap.window, sentAt, now, flight)))
  }

  /** A known cap has explained a denial. */
  explained(): void {
    this.#isFresh = false
    if (this.#search && ++this.#search.explained >= enough) this.#end()
  }

  /** No known cap explains this denial. */
  seek(sentAt: Millis, now: Millis, flight: Millis): void {
    if (this.#search) this.#takeBack(now)
    else {
      this.#search = new Search(this.#unit, this.#caps, this.#spending, sentAt, now)
      this.#search.deny(sentAt, now, flight)
      const known = this.#search.fullest()
      if (known) return this.#put(known, this.#search, now)
    }
    this.#search.isOpen = true
    this.#search.failures++
  }

  #put(cap: Cap, search: Search, now: Millis): void {
    this.#cap = cap
    this.#former = cap.limit
    this.#since = now
    this.#isFresh = cap.limit === Infinity
    // A known limit may only seem to have fallen because others use it, too. So it does not fall by more than this at a time.
    const least = this.#isFresh ? 1 : cap.limit / 3
    cap.set(Math.max(least, search.limitOf(cap)), now, this.#spending.total)
    search.isOpen = false
    search.probe = undefined
    search.failures = 0
  }

  #takeBack(now: Millis): void {
    this.#cap?.set(this.#former, now, this.#spending.total)
    this.#cap = undefined
  }

  #end(): void {
    this.#search = undefined
    this.#cap = undefined
    this.#isFresh = false
  }
}
