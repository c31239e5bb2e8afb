import type fc from 'fast-check'
import type { LimitLimiter } from '../sim/limiters/limiter.ts'
import type { Limit } from '../src/core/limit.ts'
import { anyLimits, costFor } from './history.ts'
import { registerLaws } from './laws.ts'
import { type LimiterModel, type LimiterSubject, limiterLaws, limitLimiterLaws } from './limiter-laws.ts'

/**
 * Registers the tests of a limiter's contract with vitest. Call it at the top of a test file or in a `describe`. Each law is
 * tested on random subjects and random histories by fast-check; a failure shows the smallest history that breaks the law, and
 * the seed that repeats it.
 *
 *     limiterContract(
 *       'myLimiter',
 *       fc.constant({ make: () => myLimiter(5), cost: costIn('requests'), rules: ['rpm'], memory: 60_000 }),
 *     )
 *
 * It demands, and is broken by:
 *
 * - **`retryAfter` is exact,** whether or not anybody asks in between: a cost that waits so long passes if nobody else is
 *   charged, and one that waits a millisecond less is denied. `Infinity` means that it never passes. Broken by a wait that is
 *   rounded, and by a window that is closed at both ends.
 * - **Asking charges nobody.** Any number of `check`s changes no decision. Broken by a `check` that reserves.
 * - **A cost of nothing passes,** however full the limit is.
 */
export function limiterContract(name: string, subjects: fc.Arbitrary<LimiterSubject>): void {
  registerLaws(`${name} keeps the contract of a limiter`, limiterLaws, subjects)
}

/**
 * Registers the tests of a limiter of one quantity by one number: those of `limiterContract`, and further ones. `make` builds
 * the limiter for a limit; `model` answers from the whole history whether a cost passes, as slowly and plainly as it likes.
 *
 *     limitLimiterContract('fixedWindow', fixedWindow, (charges, amount, now, { limit, window }) => {
 *       const start = now - (now % window)
 *       return totalCharged(charges.filter(({ at }) => at >= start)) + amount <= limit
 *     })
 *
 * The further laws demand, and are broken by:
 *
 * - **It decides and tells waits as its model does.** Broken by any difference between the two.
 * - **Only what exceeds the whole limit can never pass.** Broken by `Infinity` for a cost that fits an empty window.
 * - **A new limit holds at once,** as though it had always been: `setLimit` keeps what was charged. Broken by a reset.
 * - **A limit or a window that is not a whole number above 0 is refused** with a `RangeError` that names it and its value.
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
  registerLaws(`${name} keeps the contract of a limiter by one number`, limitLimiterLaws, { make, model })
}
