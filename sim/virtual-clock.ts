import type { Clock, Millis, Signal } from '../src/core/clock.ts'
import { expectNumber, numberProblem } from '../src/core/expect.ts'
import { TimerHeap } from './timer-heap.ts'

/** A clock that the simulator can also hang plain callbacks on, which cost no promise. */
export interface Timeline extends Clock {
  /**
   * Runs `then` when `delay` has passed, after everything that was due at that instant before it. Unless it says `woke()`,
   * time may go on before any promise that it settles is heard. It may set further timers.
   */
  after(delay: Millis, then: () => void): void
  /** Said by a callback that settles a promise: time stands still until all that this wakes has run. */
  woke(): void
}

export interface VirtualClock extends Timeline {
  /**
   * Lets time pass until `work` settles, and settles as it does. Time moves only when nothing else can run.
   * Rejects with a `DeadlockError` when no timer is left but `work` is pending; `waiting` says how many calls then wait.
   * Rejects with whatever a callback of `after` throws, and time then stands still.
   */
  run<T>(work: Promise<T>, waiting?: () => number): Promise<T>
}

/** Nothing is left that could ever wake the pending work: a wait without a timer, in a strategy or in the simulator. */
export class DeadlockError extends Error {
  readonly code = 'SIM_DEADLOCK'
  constructor(now: Millis, waiting: number | undefined) {
    const who = waiting === undefined ? 'the work is' : waiting === 1 ? '1 call is' : `${waiting} calls are`
    super(
      `Expected a timer to be due, got none at t = ${now} ms while ${who} still waiting: ` +
        'something waits on a promise that nothing will settle. Wait only through clock.sleep.',
    )
    this.name = 'DeadlockError'
  }
}

/** How many instants pass at most before the event loop gets a turn, so that progress is drawn and Ctrl-C is heard. */
const instantsPerTurn = 1000
const stepsPerTurn = 256

/** Discrete-event time in whole milliseconds, from `origin`. */
export function virtualClock(origin: Millis = 0): VirtualClock {
  expectNumber('origin', origin, { whole: true })
  const timers = new TimerHeap<() => void>()
  let now = origin
  let live = 0
  /** Instants since the event loop last had a turn. */
  let instants = 0
  /** Whether something that fired at this instant may have settled a promise. */
  let woke = false

  function schedule(delay: Millis, run: () => void): number {
    // Not `delay > 0 ? delay : 0`: NaN must reach the check below instead of passing for no wait at all.
    const due = now + (delay < 0 ? 0 : delay)
    if (!Number.isSafeInteger(due)) throw new RangeError(numberProblem('ms', delay, { whole: true }) ?? tooFar(delay))
    live++
    return timers.push(due, run)
  }

  /** Fires whatever is due, instant by instant, until something may have woken or a turn is due. False when nothing fired. */
  function fireUntilWake(): boolean {
    woke = false
    const anyFired = live > 0
    while (live > 0) {
      const due = timers.nextDue
      while (timers.nextDue === due) {
        const run = timers.pop()
        // A cancelled timer does not move time.
        if (!run) continue
        now = due
        live--
        run()
      }
      if (++instants >= instantsPerTurn || woke) return true
    }
    return anyFired
  }

  function drive(stopped: () => boolean, ranDry: () => void, failed: (error: unknown) => void): void {
    let over = false
    const end = (how: () => void) => {
      over = true
      how()
    }
    const step = () => {
      if (over) return
      if (stopped()) return end(() => {})
      try {
        if (!fireUntilWake()) end(ranDry)
      } catch (error) {
        end(() => failed(error))
      }
    }
    const turn = () => {
      if (over) return
      instants = 0
      for (let i = 0; i < stepsPerTurn; i++) setImmediate(step)
      setImmediate(turn)
    }
    turn()
  }

  return {
    now: () => now,
    after: (delay, then) => {
      schedule(delay, then)
    },
    woke: () => {
      woke = true
    },
    sleep: (ms, signal) => new Promise((resolve, reject) => sleep(ms, signal, resolve, reject)),
    run: (work, waiting) =>
      new Promise((resolve, reject) => {
        let done = false
        const finish = () => {
          done = true
        }
        work.then(finish, finish)
        work.then(resolve, reject)
        drive(
          () => done,
          () => reject(new DeadlockError(now, waiting?.())),
          reject,
        )
      }),
  }

  function sleep(ms: Millis, signal: Signal | undefined, resolve: () => void, reject: (reason: unknown) => void): void {
    if (signal?.aborted) return reject(signal.reason)
    const timer = schedule(ms, () => {
      woke = true
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    function onAbort(): void {
      signal?.removeEventListener('abort', onAbort)
      timers.cancel(timer)
      live--
      woke = true
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort)
  }
}

function tooFar(delay: Millis): string {
  return `Expected \`ms\` to end within the range of whole milliseconds, got ${delay}`
}
