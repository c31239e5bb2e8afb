import type { Clock, Millis, Signal } from '../../src/core/clock.ts'
import { expectNumber, numberProblem, OptionError } from '../../src/core/expect.ts'
import { TimerWheel } from './timer-wheel.ts'

/** What a timer does. An object rather than a closure, so that a thing under way can be its own timer. */
export interface TimerTask {
  run(): void
}

/** A clock that the simulator can also hang plain callbacks on, which cost no promise. */
export interface Timeline extends Clock {
  /**
   * Runs `then` when `delay` has passed, after everything that was due at that instant before it. Unless it says `woke()`,
   * time may go on before any promise that it settles is heard. It may set further timers.
   */
  after(delay: Millis, then: TimerTask | (() => void)): void
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
/** How many steps are queued at once. */
const stepsPerTurn = 256

/** Discrete-event time in whole milliseconds, from `origin`. */
export function virtualClock(origin: Millis = 0): VirtualClock {
  expectNumber('origin', origin, { whole: true })
  const agenda = new Agenda(origin)
  return {
    now: () => agenda.now,
    after: (delay, then) => {
      agenda.schedule(delay, typeof then === 'function' ? { run: then } : then)
    },
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

/** What is to happen when. */
class Agenda {
  now: Millis
  /** Whether something that fired may have settled a promise. */
  woke = false
  /** Instants since the event loop last had a turn. */
  instants = 0
  #live = 0
  readonly #timers: TimerWheel<TimerTask>

  constructor(origin: Millis) {
    this.now = origin
    this.#timers = new TimerWheel(origin)
  }

  schedule(delay: Millis, task: TimerTask): number {
    // Not `delay > 0 ? delay : 0`: NaN must reach the check below instead of passing for no wait at all.
    const due = this.now + (delay < 0 ? 0 : delay)
    if (!Number.isSafeInteger(due)) throw new OptionError(numberProblem('ms', delay, { whole: true }) ?? tooFar(delay))
    this.#live++
    return this.#timers.push(due, task)
  }

  cancel(timer: number): void {
    this.#timers.cancel(timer)
    this.#live--
  }

  /** Fires whatever is due, instant by instant, until something may have woken or a turn is due. False when nothing fired. */
  fireUntilWake(): boolean {
    const timers = this.#timers
    this.woke = false
    const anyFired = this.#live > 0
    while (this.#live > 0) {
      const due = timers.nextDue
      while (timers.nextDue === due) {
        const task = timers.pop()
        // A cancelled timer does not move time.
        if (!task) continue
        this.now = due
        this.#live--
        task.run()
      }
      // Where only cancelled timers were due, time has not moved, but the wheel has: nobody may set a timer in between.
      if (this.now === due && (++this.instants >= instantsPerTurn || this.woke)) return true
    }
    return anyFired
  }
}

/**
 * Lets time pass until `isOver` or until nothing is left to fire; rejects with what a callback throws.
 *
 * Between two immediates of one batch Node drains the tick queue and every microtask: each step runs when nothing else can,
 * at a fraction of what an immediate of its own batch, or a tick, would cost.
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

/** Someone who waits: its own timer, and its own listener to the signal that would end the wait early. */
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
  return `Expected \`ms\` to end within the range of whole milliseconds, got ${delay}`
}
