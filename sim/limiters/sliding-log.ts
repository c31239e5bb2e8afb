import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import { type Limit, unitOf } from '../../src/core/limit.ts'
import { amountOf, type Denial, type LimitLimiter } from './limiter.ts'

/**
 * Sliding log: the sum over the window (now − w, now] never exceeds the limit at any position of the window, as long as only costs that passed are
 * charged. After charges beyond the limit (output tokens, a lowered limit) costs are denied until enough has left the window.
 *
 * A ring holds pairs of an instant and a running total. The sum in the window is the difference of two totals, and the instant at which enough has
 * left is found by bisection. Costs of one instant share an entry, so that the ring never holds more than min(limit, window) entries of admitted
 * requests, and never more than `window` entries. Its capacity doubles when it is full and never shrinks. A refund lowers the running totals from
 * its charge on, which takes time in proportion to the entries since then.
 */
export function slidingLog(limit: Limit): LimitLimiter {
  return steppedLog(limit, 1)
}

/**
 * A sliding log in steps of this length, counted from the clock's instant 0: what is charged in one counts as charged at its last instant. A step of 1 ms
 * is an instant.
 */
export function steppedLog({ rule, limit: initial, window }: Limit, step: Millis): LimitLimiter {
  expectNumber('limit', initial, { above: 0, whole: true })
  expectNumber('window', window, { above: 0, whole: true })
  const unit = unitOf(rule)
  let limit = initial
  let at = new Float64Array(16)
  let total = new Float64Array(16)
  let head = 0
  let size = 0
  /** The running total up to the newest entry, which it includes. */
  let charged = 0
  /** The running total up to the newest entry that has left the window. */
  let left = 0

  function countedAt(instant: Millis): Millis {
    return step === 1 ? instant : Math.floor(instant / step) * step + step - 1
  }

  function expire(now: Millis): void {
    const mask = at.length - 1
    const horizon = now - window
    while (size > 0 && at[head]! <= horizon) {
      left = total[head]!
      head = (head + 1) & mask
      size--
    }
  }

  /** The instant at which `amount` fits: when the first entry whose running total frees enough leaves the window. */
  function instantThatFrees(amount: number): Millis {
    const mask = at.length - 1
    const needed = charged + amount - limit
    let low = 0
    let high = size - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (total[(head + middle) & mask]! >= needed) high = middle
      else low = middle + 1
    }
    return at[(head + low) & mask]! + window
  }

  function waitFor(amount: number, now: Millis): Millis {
    return amount > limit ? Infinity : instantThatFrees(amount) - now
  }

  /** The place of the first entry at this instant or later, counted from the oldest; `size` when there is none. */
  function placeOf(instant: Millis): number {
    const mask = at.length - 1
    let low = 0
    let high = size
    while (low < high) {
      const middle = (low + high) >> 1
      if (at[(head + middle) & mask]! >= instant) high = middle
      else low = middle + 1
    }
    return low
  }

  function grow(): void {
    const mask = at.length - 1
    const wider = { at: new Float64Array(at.length * 2), total: new Float64Array(at.length * 2) }
    for (let i = 0; i < size; i++) {
      wider.at[i] = at[(head + i) & mask]!
      wider.total[i] = total[(head + i) & mask]!
    }
    at = wider.at
    total = wider.total
    head = 0
  }

  return {
    check(cost, now) {
      const amount = amountOf(cost, unit)
      expire(now)
      if (amount === 0 || charged - left + amount <= limit) return undefined
      return new LateDenial(rule, waitFor, amount, now)
    },
    charge(cost, now) {
      const amount = amountOf(cost, unit)
      if (amount === 0) return
      expire(now)
      charged += amount
      const instant = countedAt(now)
      const newest = (head + size - 1) & (at.length - 1)
      if (size > 0 && at[newest] === instant) {
        total[newest] = charged
        return
      }
      if (size === at.length) grow()
      const next = (head + size++) & (at.length - 1)
      at[next] = instant
      total[next] = charged
    },
    refund(cost, chargedAt, now) {
      const amount = amountOf(cost, unit)
      const instant = countedAt(chargedAt)
      expire(now)
      if (amount === 0 || instant <= now - window) return
      const mask = at.length - 1
      for (let place = placeOf(instant); place < size; place++) total[(head + place) & mask]! -= amount
      charged -= amount
    },
    used(now) {
      expire(now)
      return charged - left
    },
    setLimit(next) {
      expectNumber('limit', next, { above: 0, whole: true })
      limit = next
    },
  }
}

/** A denial that bisects only when its wait is read, since few read it. */
class LateDenial implements Denial {
  readonly rule: Limit['rule']
  readonly #waitFor: (amount: number, now: Millis) => Millis
  readonly #amount: number
  readonly #now: Millis

  constructor(rule: Limit['rule'], waitFor: (amount: number, now: Millis) => Millis, amount: number, now: Millis) {
    this.rule = rule
    this.#waitFor = waitFor
    this.#amount = amount
    this.#now = now
  }

  get retryAfter(): Millis {
    return this.#waitFor(this.#amount, this.#now)
  }
}
