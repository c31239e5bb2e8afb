import fc from 'fast-check'
import type { Cost, Limiter } from '../sim/limiters/limiter.ts'
import type { Millis } from '../src/core/clock.ts'
import { type Limit, type Unit, unitOf } from '../src/core/limit.ts'

/** A step of a limiter's history. `ask`: the cost is charged if it passes. `force`: it is charged in any case, as output tokens are. */
export interface HistoryStep {
  /** How long after the step before, in milliseconds. */
  readonly gap: Millis
  readonly amount: number
  readonly act: 'ask' | 'force'
}

/** An amount that was charged, and when. */
export interface Charge {
  readonly at: Millis
  readonly amount: number
}

/** Random histories. Their numbers are small on purpose: ties, exact fits and full windows are where limiters go wrong. */
export const histories: fc.Arbitrary<HistoryStep[]> = fc.array(
  fc.record({
    gap: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(60)),
    amount: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(20)),
    act: fc.oneof({ weight: 5, arbitrary: fc.constant('ask' as const) }, fc.constant('force' as const)),
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

/** The cost of an amount. */
export type Costing = (amount: number) => Cost

/** Costs of one quantity. The other quantity is beyond every limit, so that a limiter that counts it by mistake is found out. */
export function costIn(unit: Unit): Costing {
  return (amount) => (unit === 'requests' ? { requests: amount, tokens: 1e6 } : { requests: 1e6, tokens: amount })
}

/** Costs of the quantity that a limit counts. */
export function costFor(limit: Limit): Costing {
  return costIn(unitOf(limit.rule))
}

/**
 * Plays a history to a limiter, from instant 0. `each` is called before the limiter is asked, with the amount, the instant and
 * all that was charged until then. Returns the last instant and all that was charged.
 */
export function playHistory(
  limiter: Limiter,
  cost: Costing,
  history: readonly HistoryStep[],
  each: (amount: number, now: Millis, charges: readonly Charge[]) => void = () => {},
): { readonly now: Millis; readonly charges: readonly Charge[] } {
  const charges: Charge[] = []
  let now = 0
  for (const { gap, amount, act } of history) {
    now += gap
    each(amount, now, charges)
    if (act === 'ask' && limiter.check(cost(amount), now)) continue
    limiter.charge(cost(amount), now)
    charges.push({ at: now, amount })
  }
  return { now, charges }
}

/** The sum of the amounts. */
export function totalCharged(charges: readonly Charge[]): number {
  return charges.reduce((total, { amount }) => total + amount, 0)
}
