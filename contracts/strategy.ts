import type { Strategy } from '../src/core/strategy.ts'
import { registerLaws } from './laws.ts'
import { strategyLaws } from './strategy-laws.ts'

/**
 * Registers the tests of a strategy's contract with vitest. Call it at the top level of a test file or in a `describe`. `make` must
 * return a new strategy with the same options each time.
 *
 *     strategyContract(() => myStrategy({ attempts: 3 }))
 *
 * Each law is a test. These are the laws, and typical faults that break them:
 *
 * - **A strategy has a name.** `name` is not blank, and the same options give the same name. Broken by a counter or a time in the name.
 * - **Each call gets one reply,** which the provider gave to an attempt at that call. Broken by replies that the strategy makes itself,
 *   shares between calls or returns to the wrong call. Also broken by calls that never settle; these end with a `DeadlockError`.
 * - **An `ok` reply is passed on unchanged,** as the same object, after one attempt with the unchanged call. Only `target`,
 *   `serverWait` and the signal, which must abort with the caller's, may differ. Broken by a copy, by a second attempt, and by writing to the call, which is frozen.
 * - **A failure that is not retryable is passed on.** Broken by a second attempt after `retryable: false`.
 * - **A transport fault is passed on.** When `next` rejects, the promise of the call rejects with the same error, and other calls
 *   continue. Broken by a slot or a lock that is not released.
 * - **An abort ends a call at once.** At any instant the call rejects with `signal.reason`, and no attempt at it follows. Broken by a
 *   wait without `call.signal`, and by sending after a wait without checking the signal. The calls of this law are throttled until their
 *   deadline, 200 s after the start: a strategy may retry for as long as a deadline allows.
 * - **A call that was aborted before it started is not retried.**
 * - **Nothing is sent at or after the deadline,** even when timers are late, and the call still gets a reply. Broken by sending after a
 *   wait without checking the clock, and by waiting for a reply that cannot come in time.
 * - **The same seed gives the same run.** Broken by `Math.random`, by the machine's clock, and by state that remains after a run.
 * - **Runs do not affect each other.** One strategy object can be wrapped several times, for runs one after the other or at the same
 *   time. Broken by state that is created outside `wrap`.
 */
export function strategyContract(make: () => Strategy): void {
  registerLaws(`${make().name} keeps the contract of a strategy`, strategyLaws, make)
}
