import type { Clock, Millis, Signal } from '../../src/core/clock.ts'
import { expectNumber, numberProblem, OptionError } from '../../src/core/expect.ts'
import { instantBounds, lastInstant } from '../../src/core/last-instant.ts'
import { TimerWheel } from './timer-wheel.ts'

// It is taken when the file is loaded, because a worker keeps the user's code from it afterwards.
const { setImmediate } = globalThis

/** What a timer does. It is an object and not a function, so that something under way can be its own timer. */
export interface TimerTask {
  /** Called when the timer is due. */
  run(): void
}

/** A clock that can also call back without a promise, which the simulator needs for speed. Times are whole milliseconds. */
export interface Timeline extends Clock {
  /**
   * Calls `then` when `delay` milliseconds have passed, after all timers of the same instant that were set before it. `then` may set further
   * timers. If it settles a promise it must call `woke()`; otherwise time may pass before the code that waits for the promise runs.
   */
  after(delay: Millis, then: TimerTask | (() => void)): void
  /**
   * Lets what is due happen, then calls `act` and returns its result. All of `act` happens at one instant: no timer rings before it returns, so that
   * nothing changes between two of its steps. Whatever reaches the simulator from outside it, such as a client that hangs up, goes through this.
   */
  atOneInstant<T>(act: () => T): T
  /** Tells the clock that a callback has settled a promise: time stands still until all code that this wakes has run. */
  woke(): void
}

/** Simulated time that passes as fast as the machine can compute. */
export interface VirtualClock extends Timeline {
  /**
   * Lets time pass until `work` settles, and settles in the same way. Time passes only when nothing else can run. Rejects with a `DeadlockError`
   * when no timer is left while `work` is pending; `waiting` then returns the number of waiting calls for its message. Rejects with whatever a
   * callback of `after` throws, and time then stands still.
   */
  run<T>(work: Promise<T>, waiting?: () => number): Promise<T>
}

/** Nothing is left that could wake the pending work: a strategy or the simulator waits without a timer. */
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

/** The most instants that pass before the event loop gets a turn, in which progress is drawn and Ctrl-C is noticed. */
const instantsPerTurn = 1000
/** The number of steps that are queued at once. */
const stepsPerTurn = 256

/**
 * A clock of discrete events in whole milliseconds. It starts at `origin`. Default: 0. Throws an `OptionError` for an origin that is not whole or has
 * no date, and for a wait that does not end before the last instant that has a date.
 */
export function virtualClock(origin: Millis = 0): VirtualClock {
  expectNumber('origin', origin, instantBounds)
  const agenda = new Agenda(origin)
  return {
    now: () => agenda.now,
    after: (delay, then) => {
      agenda.schedule(delay, typeof then === 'function' ? { run: then } : then)
    },
    atOneInstant: (act) => act(),
    woke: () => {
      agenda.woke = true
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const sleeper = new Sleeper(agenda, signal, resolve, reject)
        sleeper.timer = agenda.schedule(ms, sleeper)
        signal?.addEventListener('abort', sleeper)
      }),
    run: (work, waiting) =>
      new Promise((resolve, reject) => {
        let isSettled = false
        const settle = () => {
          isSettled = true
        }
        work.then(settle, settle)
        work.then(resolve, reject)
        drive(agenda, () => isSettled).then(
          () => isSettled || reject(new DeadlockError(agenda.now, waiting?.())),
          reject,
        )
      }),
  }
}

/** The timers, and the present. */
class Agenda {
  now: Millis
  /** Whether a callback may have settled a promise. */
  woke = false
  /** The number of instants since the event loop last had a turn. */
  instants = 0
  /** The number of timers that are not cancelled. */
  #live = 0
  readonly #timers: TimerWheel<TimerTask>

  constructor(origin: Millis) {
    this.now = origin
    this.#timers = new TimerWheel(origin)
  }

  schedule(delay: Millis, task: TimerTask): number {
    // Not `delay > 0 ? delay : 0`: NaN must reach the check below instead of passing for no wait at all.
    const due = this.now + (delay < 0 ? 0 : delay)
    if (!(due <= lastInstant && Number.isInteger(due)))
      throw new OptionError(numberProblem('ms', delay, { whole: true }) ?? tooFar(delay))
    this.#live++
    return this.#timers.push(due, task)
  }

  cancel(timer: number): void {
    this.#timers.cancel(timer)
    this.#live--
  }

  /** Fires timers, one instant after the other, until a callback calls `woke()` or the event loop needs a turn. Returns false when nothing fired. */
  fireUntilWake(): boolean {
    const timers = this.#timers
    this.woke = false
    const anyFired = this.#live > 0
    while (this.#live > 0) {
      const due = timers.nextDue
      while (timers.nextDue === due) {
        const task = timers.pop()
        // A cancelled timer does not let time pass.
        if (!task) continue
        this.now = due
        this.#live--
        task.run()
      }
      // Where only cancelled timers were due, the wheel has moved but time has not: no timer may be set before both agree again.
      if (this.now === due && (++this.instants >= instantsPerTurn || this.woke)) return true
    }
    return anyFired
  }
}

/**
 * Lets time pass until `isOver` returns true or no timer is left. Rejects with what a callback throws.
 *
 * Between two immediates of one batch Node empties the tick queue and runs every microtask. So each step runs when nothing else can run, at a
 * fraction of the cost of a tick or of an immediate in a batch of its own.
 */
function drive(agenda: Agenda, isOver: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let hasEnded = false
    const end = (how: () => void) => {
      hasEnded = true
      how()
    }
    const step = () => {
      if (hasEnded) return
      if (isOver()) return end(resolve)
      try {
        if (!agenda.fireUntilWake()) end(resolve)
      } catch (error) {
        end(() => reject(error))
      }
    }
    const turn = () => {
      if (hasEnded) return
      agenda.instants = 0
      for (let i = 0; i < stepsPerTurn; i++) setImmediate(step)
      setImmediate(turn)
    }
    turn()
  })
}

/** One wait in `sleep`. It is its own timer, and its own listener to the signal that may end the wait early. */
class Sleeper implements TimerTask {
  timer = -1
  readonly #agenda: Agenda
  readonly #signal: Signal | undefined
  readonly #resolve: () => void
  readonly #reject: (reason: unknown) => void

  constructor(agenda: Agenda, signal: Signal | undefined, resolve: () => void, reject: (reason: unknown) => void) {
    this.#agenda = agenda
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
  }

  run(): void {
    this.#agenda.woke = true
    this.#signal?.removeEventListener('abort', this)
    this.#resolve()
  }

  handleEvent(): void {
    this.#agenda.woke = true
    this.#agenda.cancel(this.timer)
    this.#signal?.removeEventListener('abort', this)
    this.#reject(this.#signal?.reason)
  }
}

function tooFar(delay: Millis): string {
  return `Expected \`ms\` to end by the last instant that has a date (${lastInstant}), got ${delay}`
}
