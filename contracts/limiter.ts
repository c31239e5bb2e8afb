import type fc from 'fast-check'
import type { LimitLimiter } from '../sim/limiters/limiter.ts'
import type { Limit } from '../src/core/limit.ts'
import { anyLimits, costFor } from './history.ts'
import { registerLaws } from './laws.ts'
import { type LimiterModel, type LimiterSubject, limiterLaws, limitLimiterLaws } from './limiter-laws.ts'

/**
 * Registers the tests of a limiter's contract with vitest. Call it at the top level of a test file or in a `describe`. fast-check tests
 * each law on random subjects and random histories. When a law is broken, the test shows a smallest history that breaks it, and the
 * seed with which the test can be repeated.
 *
 *     limiterContract(
 *       'myLimiter',
 *       fc.constant({ make: () => myLimiter(5), cost: costIn('requests'), rules: ['rpm'], memory: 60_000 }),
 *     )
 *
 * These are the laws, and typical faults that break them:
 *
 * - **`retryAfter` is exact.** If nothing else is charged, a cost is admitted after a wait of `retryAfter`, and denied after a wait that
 *   is a millisecond shorter. Checks during the wait make no difference. `Infinity` means that the cost is never admitted. Broken by
 *   rounding the wait, and by a window that is closed at both ends.
 * - **A check charges nothing.** Any number of `check`s changes no decision. Broken by a `check` that reserves a place.
 * - **A cost of 0 is admitted,** even when the limit is full.
 */
export function limiterContract(name: string, subjects: fc.Arbitrary<LimiterSubject>): void {
  registerLaws(`${name} keeps the contract of a limiter`, limiterLaws, subjects)
}

/**
 * Registers the tests of a limiter that enforces one limit: those of `limiterContract`, and further ones. `make` builds the limiter for
 * a limit. `model` computes from all charges whether a cost is admitted; it may be slow, but should be obviously correct.
 *
 *     limitLimiterContract('fixedWindow', fixedWindow, (charges, amount, now, { limit, window }) => {
 *       const start = now - (now % window)
 *       return totalCharged(charges.filter(({ at }) => at >= start)) + amount <= limit
 *     })
 *
 * These are the further laws, and typical faults that break them:
 *
 * - **Decisions and waits equal those of the model.** Broken by any difference between the two.
 * - **A refund lowers the charge at its own instant.** Afterwards decisions and waits equal those of the model for the lowered charges. Broken by a
 *   refund that counts from its own instant on, or that outlives its charge.
 * - **Only a cost above the whole limit is never admitted.** Broken by `Infinity` for a cost that fits an empty window.
 * - **A new limit applies at once,** as if it had been set from the start: `setLimit` keeps all charges. Broken by a reset.
 * - **A limit or a window that is not a whole number above 0 is refused** with a `RangeError` that names the field and its value.
 */
export function limitLimiterContract(name: string, make: (limit: Limit) => LimitLimiter, model: LimiterModel): void {
  const subjects = anyLimits.map(
    (limit): LimiterSubject => ({
      make: () => make(limit),
      cost: costFor(limit),
      rules: [limit.rule],
      memory: limit.window,
    }),
  )
  limiterContract(name, subjects)
  registerLaws(`${name} keeps the contract of a limiter that enforces one limit`, limitLimiterLaws, { make, model })
}
