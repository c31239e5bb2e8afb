import { expect } from 'vitest'
import type { Clock, Millis, Signal } from '../src/core/clock.ts'
import { type Laws, registerLaws } from './laws.ts'

/** A clock, and what makes its time pass. */
export interface ClockRig {
  readonly clock: Clock
  /** Lets the clock's time pass until `work` settles, and settles as it does. Of a clock that runs by itself: `(work) => work`. */
  run<T>(work: Promise<T>): Promise<T>
}

/** A signal that counts its listeners, and what aborts it. */
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

/** A wait that every test can sit through. */
const short: Millis = 3
/** A wait that no test sits through: some eleven days. */
const never: Millis = 1e9

/** The laws of every clock; `clockContract` says what each demands. */
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

  'waits of nothing and less end at this instant in the order they began, after what is already due': async (rig) => {
    const { clock, run } = rig()
    const ended: string[] = []
    const note = (what: string) => () => ended.push(what)
    const sleeps = [
      clock.sleep(0).then(note('first')),
      clock.sleep(-5).then(note('second')),
      clock.sleep(-Infinity).then(note('third')),
      clock.sleep(0, new AbortController().signal).then(note('fourth')),
    ]
    ended.push('asked')
    await run(Promise.all(sleeps))
    expect(ended).toEqual(['asked', 'first', 'second', 'third', 'fourth'])
  },

  'an abort ends the sleep at once with the reason of the signal': async (rig) => {
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

  'one abort ends every sleep that listens, and no other': async (rig) => {
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

  'a signal that has already aborted ends the sleep before it begins': async (rig) => {
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

  'nobody listens once the sleep has ended, and an abort then changes nothing': async (rig) => {
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

  'nobody listens after an abort': async (rig) => {
    const { clock, run } = rig()
    const { signal, abort, listening } = countedAbort()
    const slept = clock.sleep(never, signal)
    abort('gone')
    await expect(run(slept)).rejects.toBe('gone')
    expect(listening()).toBe(0)
  },
}

/**
 * Registers the tests of a clock's contract with vitest. Call it at the top of a test file or in a `describe`; `rig` must return
 * a new clock, or one that any number of tests may use one after the other.
 *
 *     clockContract('myClock', () => ({ clock: myClock(), run: (work) => work }))
 *
 * Each law is a test. It demands, and is broken by:
 *
 * - **Time never goes back, and a sleep never ends early.** After `sleep(ms)` at least `ms` have passed by `now()`. Broken by a
 *   platform timer that rings a fraction of a millisecond early, and by a wall clock that somebody sets.
 * - **A wait of 0, a negative one and `-Infinity` end at this instant,** in the order in which they began, and never before the
 *   caller's own code has run. Broken by a shortcut that resolves at once for some of them.
 * - **An abort ends a sleep at once** with `signal.reason`, whatever that is. Broken by a sleep that rejects with an error of its
 *   own, or only when its time is over: on a real clock that test runs into vitest's timeout.
 * - **One abort ends every sleep that listens, and no other.**
 * - **A signal that has already aborted ends the sleep before it begins,** and nobody listens to it.
 * - **Nobody listens to a signal once the sleep has ended,** however it ended. Broken by a listener for each wait of a long call.
 */
export function clockContract(name: string, rig: () => ClockRig): void {
  registerLaws(`${name} keeps the contract of a clock`, clockLaws, rig)
}
