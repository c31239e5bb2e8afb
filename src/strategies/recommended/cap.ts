import type { Millis } from '../../core/clock.ts'
import type { Unit } from '../../core/limit.ts'

/** Trials as shares of a cap: a long one until the first has failed, and short ones from then on. */
const longTrial = 0.25
const shortTrial: Readonly<Record<Unit, number>> = { requests: 0.02, tokens: 0.01 }

/** The least that is sent between two short trials, as a multiple of what a trial may cost. */
const between = 80

/** Tests are at most so far apart, or a window if that is longer. */
const longestRest: Millis = 15_000

/** So many denials in a full window, each in another window, bring a test of the cap as it is. */
const enoughStrikes = 2

/**
 * What is learned of the limit of one window. `limit` is `Infinity` until a denial has been blamed on this window.
 *
 * In a test the cap keeps so wide a distance from what was sent before that no delay in the network can explain a denial: it then shows that
 * the limit is lower, and an admission that it is not. A test with `extra` finds out whether the limit was raised, one
 * without whether it is too high.
 */
export class Cap {
  readonly unit: Unit
  readonly window: Millis
  limit = Infinity
  /** The limit as it was told or supposed; 0: it was not. */
  #given = 0
  isTesting = false
  extra = 0
  /** While a test has `extra`: the most that the shorter windows have borne. */
  precedents: readonly number[] = []
  /** Whether the test waits until the whole window is clear, so that what it sends is close together. */
  #isClump = false
  /** Whether what is sent is spread, so that waiting for a clear window would cost the whole window. */
  #isSpread = false
  /** What the delays of the network may hide in a test that does not wait. */
  #hidden = 0
  #testBegan: Millis = -Infinity
  #spentAtTest = 0
  /** The trials that have failed: the more, the surer is the limit. */
  failures = 0
  #stride = 0
  #restsSince: Millis = -Infinity
  #spentThen = 0
  #strikes = 0
  #lastStrike: Millis = -Infinity

  constructor(unit: Unit, window: Millis) {
    this.unit = unit
    this.window = window
  }

  get allowed(): number {
    return this.limit + this.extra
  }

  /** Takes a new limit. `spent`: all that was spent so far, which counts what is sent until the next trial. */
  set(limit: number, now: Millis, spent: number): void {
    this.limit = limit
    this.failures = 0
    this.#stride = 0
    this.#rest(now, spent)
  }

  /** Takes a limit that the client was told: only short trials follow, and seldom. */
  confirm(limit: number): void {
    this.#start(limit, 4)
  }

  /** Takes a limit that denials have shown: only short trials follow, the first soon. */
  suppose(limit: number): void {
    this.#start(limit, 1)
    this.#isSpread = true
  }

  /** Whether the limit has turned out lower than it was given, by more than this share. */
  hasFallen(share: number): boolean {
    return this.limit < (1 - share) * this.#given
  }

  /** Whether the test has sent nothing yet. `spent`: all that was spent so far. */
  isWaiting(spent: number): boolean {
    return this.isTesting && this.#isClump && spent === this.#spentAtTest
  }

  /** Ends a test that has come to nothing. */
  expire(now: Millis, distance: Millis, spent: number): void {
    if (!this.isTesting || now - this.#testBegan < 4 * (this.window + distance)) return
    this.failures++
    this.#rest(now, spent)
  }

  /** Begins a test if it is time for one, in a window that is full. `distance`: by how much it is widened in a test. */
  test(now: Millis, distance: Millis, spent: number): void {
    const rest = Math.min(this.window * 2 ** this.failures, Math.max(this.window, longestRest))
    if (now - this.#restsSince < rest) return
    const isCheck = this.#strikes >= enoughStrikes
    const size = this.#trialSize()
    if (
      !isCheck &&
      this.failures > 0 &&
      this.#stride === 0 &&
      spent - this.#spentThen < between * size &&
      now - this.#restsSince < 4 * longestRest
    )
      return
    this.isTesting = true
    this.#testBegan = now
    this.#spentAtTest = spent
    const hidden = Math.ceil((distance * this.limit) / this.window)
    this.#isClump = 2 * distance * this.limit >= size * this.window
    this.#hidden = 0
    if (this.#isClump && this.#isSpread && 2 * hidden <= longTrial * this.limit) {
      this.#isClump = false
      this.#hidden = hidden
    }
    this.extra = isCheck ? 0 : size + 2 * this.#hidden
  }

  /** An attempt was admitted. `sum`: what was in its window with it. In a test, more than the limit shows that the limit is higher. */
  survive(sum: number, now: Millis, spent: number): void {
    if (!this.isTesting) return
    if (this.extra === 0) {
      if (sum >= this.limit) this.#rest(now, spent)
      return
    }
    if (sum <= this.limit + this.#hidden) return
    const step = this.extra - 2 * this.#hidden
    this.limit += step
    this.#stride = Math.max(2 * step, longTrial * this.limit)
    this.failures = 0
    this.#rest(now, spent)
    this.#restsSince = -Infinity
  }

  /** A denial shows that the limit is not above `sum`, which is below what is allowed. */
  lower(sum: number, now: Millis, spent: number): void {
    if (this.extra > 0) {
      this.failures++
      const half = (this.extra - 2 * this.#hidden) / 2
      this.#stride = this.#stride > 0 && half > this.#shortSize() ? half : 0
    }
    this.limit = Math.max(1, Math.min(this.limit, sum))
    this.#rest(now, spent)
  }

  /** A denial that the delays of the network may explain, since the window was full. */
  strike(now: Millis): void {
    const since = now - this.#lastStrike
    if (since < this.window / 2) return
    this.#lastStrike = now
    this.#strikes = since > 4 * this.window ? 1 : this.#strikes + 1
  }

  #start(limit: number, failures: number): void {
    this.limit = limit
    this.#given = limit
    this.failures = failures
  }

  #trialSize(): number {
    if (this.#stride > 0) return this.#stride
    return this.failures === 0 ? Math.max(1, Math.floor(longTrial * this.limit)) : this.#shortSize()
  }

  #shortSize(): number {
    return Math.max(1, Math.floor(shortTrial[this.unit] * this.limit))
  }

  #rest(now: Millis, spent: number): void {
    this.isTesting = false
    this.extra = 0
    this.#strikes = 0
    this.#restsSince = now
    this.#spentThen = spent
  }
}
