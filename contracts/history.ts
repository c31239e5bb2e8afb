import { fc } from '@fast-check/vitest'
import type { Cost, Limiter } from '../sim/limiters/limiter.ts'
import type { Millis } from '../src/core/clock.ts'
import { type Limit, type Unit, unitOf } from '../src/core/limit.ts'

/** `ask`: charged if it passes. `force`: charged whatever the limiter says, as output tokens are. */
export interface Step {
  readonly gap: Millis
  readonly amount: number
  readonly act: 'ask' | 'force'
}

export interface Charge {
  readonly at: Millis
  readonly amount: number
}

/** Small numbers on purpose: ties, exact fits and full windows are where limiters go wrong. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    gap: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(60)),
    amount: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(20)),
    act: fc.oneof({ weight: 5, arbitrary: fc.constant('ask' as const) }, fc.constant('force' as const)),
  }),
  { maxLength: 60 },
)

export const amounts = fc.integer({ min: 1, max: 20 })

export const anyLimits: fc.Arbitrary<Limit> = fc.record({
  rule: fc.constantFrom('rps', 'rpm', 'tps', 'tpm'),
  limit: fc.integer({ min: 1, max: 15 }),
  window: fc.integer({ min: 1, max: 40 }),
})

export type Costing = (amount: number) => Cost

/** A cost of one quantity; the other is beyond every limit, so that whoever counts it is found out. */
export function costIn(unit: Unit): Costing {
  return (amount) => (unit === 'requests' ? { requests: amount, tokens: 1e6 } : { requests: 1e6, tokens: amount })
}

export function costFor(limit: Limit): Costing {
  return costIn(unitOf(limit.rule))
}

/** Plays the steps from instant 0; `each` sees every cost before the limiter is asked, and what was charged until then. */
export function play(
  limiter: Limiter,
  cost: Costing,
  history: readonly Step[],
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

export function sum(charges: readonly Charge[]): number {
  return charges.reduce((total, { amount }) => total + amount, 0)
}
