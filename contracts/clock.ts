import { expect } from 'vitest'
import type { Clock, Millis, Signal } from '../src/core/clock.ts'
import { type Laws, registerLaws } from './laws.ts'

/** A clock to test, and a function that makes its time pass. */
export interface ClockRig {
  readonly clock: Clock
  /** Makes the clock's time pass until `work` settles, and settles in the same way. For a clock that runs by itself: `(work) => work`. */
  run<T>(work: Promise<T>): Promise<T>
}

/** Returns a signal, a function that aborts it, and a function that returns the number of its listeners. */
export function countedAbort(): { signal: Signal; abort(reason: unknown): void; listening(): number } {
  const controller = new AbortController()
  const { signal } = controller
  let listening = 0
  return {
    signal: {
      get aborted() {
        return signal.aborted
      },
      get reason() {
        return signal.reason
      },
      addEventListener: (type, listener) => {
        listening++
        signal.addEventListener(type, listener)
      },
      removeEventListener: (type, listener) => {
        listening--
        signal.removeEventListener(type, listener)
      },
    },
    abort: (reason) => controller.abort(reason),
    listening: () => listening,
  }
}

/** A wait that is short enough for a test in real time, in milliseconds. */
const short: Millis = 3
/** A wait that no test waits out: more than eleven days, in milliseconds. */
const never: Millis = 1e9

/** The laws of every clock. `clockContract` explains each. */
export const clockLaws: Laws<() => ClockRig> = {
  'time never goes back, and a sleep never ends early': async (rig) => {
    const { clock, run } = rig()
    let last = clock.now()
    const sleeper = async (waits: readonly Millis[]) => {
      for (const ms of waits) {
        const start = clock.now()
        await clock.sleep(ms)
        expect(clock.now() - start).toBeGreaterThanOrEqual(ms)
        expect(clock.now()).toBeGreaterThanOrEqual(last)
        last = clock.now()
      }
    }
    await run(Promise.all([sleeper([1, 4, 0, 2]), sleeper([2, 2, 2]), sleeper([5, -1, 1])]))
  },

  'waits of 0 ms or less end at the present instant, after the caller’s own code and in the order in which they began':
    async (rig) => {
      const { clock, run } = rig()
      const ended: string[] = []
      const record = (name: string) => () => ended.push(name)
      const sleeps = [
        clock.sleep(0).then(record('first')),
        clock.sleep(-5).then(record('second')),
        clock.sleep(-Infinity).then(record('third')),
        clock.sleep(0, new AbortController().signal).then(record('fourth')),
      ]
      ended.push('own code')
      await run(Promise.all(sleeps))
      expect(ended).toEqual(['own code', 'first', 'second', 'third', 'fourth'])
    },

  'an abort ends a sleep at once with the reason of the signal': async (rig) => {
    const { clock, run } = rig()
    const reason = { any: 'value' }
    const controller = new AbortController()
    const start = clock.now()
    const work = Promise.all([
      expect(clock.sleep(never, controller.signal)).rejects.toBe(reason),
      clock.sleep(short).then(() => controller.abort(reason)),
    ])
    await run(work)
    expect(clock.now() - start).toBeLessThan(never)
  },

  'an abort ends every sleep that has the signal, and no other sleep': async (rig) => {
    const { clock, run } = rig()
    const { signal, abort, listening } = countedAbort()
    const ended: number[] = []
    const sleeps = [0, 1, 2].map((i) => clock.sleep(never, signal).catch(() => ended.push(i)))
    const other = clock.sleep(short).then(() => ended.push(3))
    abort('gone')
    expect(listening()).toBe(0)
    await run(Promise.all([...sleeps, other]))
    expect(ended).toEqual([0, 1, 2, 3])
  },

  'a sleep with a signal that has already aborted rejects at once': async (rig) => {
    const { clock, run } = rig()
    const { signal, abort, listening } = countedAbort()
    const reason = new Error('gone')
    abort(reason)
    const order: string[] = []
    const slept = clock.sleep(0, signal).catch((error: unknown) => {
      order.push('aborted')
      throw error
    })
    const timer = clock.sleep(0).then(() => order.push('slept'))
    await run(Promise.all([expect(slept).rejects.toBe(reason), timer]))
    expect(order).toEqual(['aborted', 'slept'])
    expect(listening()).toBe(0)
  },

  'a sleep that has ended has removed its listener, and a later abort has no effect': async (rig) => {
    const { clock, run } = rig()
    const { signal, abort, listening } = countedAbort()
    const work = async () => {
      const slept = clock.sleep(short, signal)
      expect(listening()).toBe(1)
      await slept
      expect(listening()).toBe(0)
      abort('late')
      await clock.sleep(short)
    }
    await run(work())
  },

  'a sleep that was aborted has removed its listener': async (rig) => {
    const { clock, run } = rig()
    const { signal, abort, listening } = countedAbort()
    const slept = clock.sleep(never, signal)
    abort('gone')
    await expect(run(slept)).rejects.toBe('gone')
    expect(listening()).toBe(0)
  },
}

/**
 * Registers the tests of a clock's contract with vitest. Call it at the top level of a test file or in a `describe`. `rig` must
 * return a new clock, or a clock that several tests may use one after the other.
 *
 *     clockContract('myClock', () => ({ clock: myClock(), run: (work) => work }))
 *
 * Each law is a test. These are the laws, and typical faults that break them:
 *
 * - **Time never goes back, and a sleep never ends early.** After `sleep(ms)`, `now()` has increased by at least `ms`. Broken by a
 *   platform timer that ends a fraction of a millisecond early, and by a wall clock that is set back.
 * - **Waits of 0 ms or less end at the present instant,** in the order in which they began, and after the code that started them.
 *   This includes `-Infinity`. Broken by returning a resolved promise for some of them.
 * - **An abort ends a sleep at once.** The sleep rejects with `signal.reason`, which may be any value. Broken by a sleep that rejects
 *   with another error, or only when its time is over. On a real clock the second fault shows as a timeout of vitest.
 * - **An abort ends every sleep that has the signal,** and no other sleep.
 * - **A sleep with a signal that has already aborted rejects at once,** and adds no listener to the signal.
 * - **A sleep that has ended has removed its listener,** whether its time was over or it was aborted. Broken by a call with many
 *   waits, each of which leaves a listener on the signal of the call.
 */
export function clockContract(name: string, rig: () => ClockRig): void {
  registerLaws(`${name} keeps the contract of a clock`, clockLaws, rig)
}
