import type { Strategy } from '../src/core/strategy.ts'
import { registerLaws } from './laws.ts'
import { strategyLaws } from './strategy-laws.ts'

/**
 * Registers the tests of a strategy's contract with vitest. Call it at the top of a test file or in a `describe`; `make` must
 * return a new strategy with the same options each time.
 *
 *     strategyContract(() => myStrategy({ attempts: 3 }))
 *
 * Each law is a test. It demands, and is broken by:
 *
 * - **A name.** `name` is not empty, and the same options give the same name. Broken by a name with a counter or a time in it.
 * - **N calls give N replies.** Each call gets one reply that the provider gave to an attempt at that very call. Broken by
 *   replies that are invented, shared between calls or handed to the wrong one, and by calls that never settle: these end as a
 *   `DeadlockError`.
 * - **An `ok` reply passes untouched,** as the same object, after one attempt that carries the call as it was: only the
 *   `target` may differ. Broken by copies, by a second attempt, and by writing to the call, which is frozen.
 * - **A failure that is not retryable is handed on.** Broken by a second attempt after `retryable: false`.
 * - **A transport fault passes through.** What `next` rejects with, the caller's promise rejects with, and other calls go on.
 *   Broken by a slot or a lock that is not given back.
 * - **An abort ends a call at once,** with `signal.reason`, at whatever instant it comes, and no later attempt at it happens.
 *   Broken by a wait that does not take `call.signal`, and by sending after a wait without a look at the signal.
 * - **An aborted call is not retried.**
 * - **Nothing is sent at or after the deadline,** even when timers ring late, and the call still gets a reply. Broken by
 *   sending after a wait without a look at the clock, and by waiting for a reply that cannot come in time.
 * - **The same seed gives the same run.** Broken by `Math.random`, by the machine's clock, and by state that outlives a run.
 * - **Runs do not touch each other.** One strategy object can be wrapped many times, one run after the other and side by side.
 *   Broken by state that is born outside `wrap`.
 */
export function strategyContract(make: () => Strategy): void {
  registerLaws(`${make().name} keeps the contract of a strategy`, strategyLaws, make)
}
