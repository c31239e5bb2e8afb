import fc from 'fast-check'
import type { Cost, Limiter, LimitLimiter } from '../sim/limiters/limiter.ts'
import type { Millis } from '../src/core/clock.ts'
import { type Limit, type Unit, unitOf } from '../src/core/limit.ts'

/** A step of a limiter's history. */
export interface HistoryStep {
  /** The time since the step before, in milliseconds. */
  readonly gap: Millis
  readonly amount: number
  /** `ask`: the amount is charged if the limiter admits it. `force`: it is charged in any case, as output tokens are. */
  readonly kind: 'ask' | 'force'
}

/** A step of the history of a limiter that takes refunds. */
export interface RefundStep extends Omit<HistoryStep, 'kind'> {
  /** `refund`: a part of an earlier charge is given back. */
  readonly kind: HistoryStep['kind'] | 'refund'
  /** The earlier charge, counted from the latest, and again from there when there are fewer. */
  readonly which: number
}

/** An amount above 0 that was charged, less what was given back of it, and the instant of the charge. */
export interface Charge {
  readonly at: Millis
  readonly amount: number
}

/** Random histories. Their numbers are small, so that they often have equal instants, exact fits and full windows, where faults are likely. */
export const histories: fc.Arbitrary<HistoryStep[]> = fc.array(
  fc.record({
    gap: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(60)),
    amount: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(20)),
    kind: fc.oneof({ weight: 5, arbitrary: fc.constant('ask' as const) }, fc.constant('force' as const)),
  }),
  { maxLength: 60 },
)

/** Random histories with refunds. Most refunds are of late charges, which still count. */
export const refundHistories: fc.Arbitrary<RefundStep[]> = fc.array(
  fc.record({
    gap: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(30)),
    amount: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(20)),
    kind: fc.constantFrom('ask' as const, 'ask' as const, 'force' as const, 'refund' as const),
    which: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(20)),
  }),
  { maxLength: 60 },
)

/** Random amounts, from 1 to 20. */
export const amounts: fc.Arbitrary<number> = fc.integer({ min: 1, max: 20 })

/** Random limits of at most 15 in windows of at most 40 ms. */
export const anyLimits: fc.Arbitrary<Limit> = fc.record({
  rule: fc.constantFrom('rps', 'rpm', 'tps', 'tpm'),
  limit: fc.integer({ min: 1, max: 15 }),
  window: fc.integer({ min: 1, max: 40 }),
})

/** Returns the cost of an amount. */
export type Costing = (amount: number) => Cost

/**
 * Returns costs of one quantity: requests or tokens. The other quantity is above every limit, so that the tests fail for a limiter
 * that counts it by mistake.
 */
export function costIn(unit: Unit): Costing {
  return (amount) => (unit === 'requests' ? { requests: amount, tokens: 1e6 } : { requests: 1e6, tokens: amount })
}

/** Returns costs of the quantity that a limit counts. */
export function costFor(limit: Limit): Costing {
  return costIn(unitOf(limit.rule))
}

/**
 * Runs a limiter through a history, from instant 0. `each` is called before each step with the amount, the instant and all earlier
 * charges. Returns the last instant and all charges.
 */
export function playHistory(
  limiter: Limiter,
  cost: Costing,
  history: readonly HistoryStep[],
  each: (amount: number, now: Millis, charges: readonly Charge[]) => void = () => {},
): { readonly now: Millis; readonly charges: readonly Charge[] } {
  const charges: Charge[] = []
  let now = 0
  for (const { gap, amount, kind } of history) {
    now += gap
    each(amount, now, charges)
    if (kind === 'ask' && limiter.check(cost(amount), now)) continue
    limiter.charge(cost(amount), now)
    if (amount > 0) charges.push({ at: now, amount })
  }
  return { now, charges }
}

/**
 * Runs a limiter through a history with refunds, like `playHistory`. A refund takes at most what is left of its charge. The charges that `each` and
 * the caller get are those that stand: less what was given back.
 */
export function playRefunds(
  limiter: LimitLimiter,
  cost: Costing,
  history: readonly RefundStep[],
  each: (amount: number, now: Millis, charges: readonly Charge[]) => void = () => {},
): { readonly now: Millis; readonly charges: readonly Charge[] } {
  const charges: Charge[] = []
  let now = 0
  for (const { gap, amount, kind, which } of history) {
    now += gap
    each(amount, now, charges)
    if (kind === 'refund') {
      const place = charges.length - 1 - (which % Math.max(1, charges.length))
      const charge = charges[place]
      if (!charge) continue
      const given = Math.min(amount, charge.amount)
      limiter.refund(cost(given), charge.at, now)
      charges[place] = { at: charge.at, amount: charge.amount - given }
    } else if (kind === 'force' || !limiter.check(cost(amount), now)) {
      limiter.charge(cost(amount), now)
      if (amount > 0) charges.push({ at: now, amount })
    }
  }
  return { now, charges }
}

/** Returns the sum of the amounts. */
export function totalCharged(charges: readonly Charge[]): number {
  return charges.reduce((total, { amount }) => total + amount, 0)
}
