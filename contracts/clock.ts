import { describe, expect, test } from 'vitest'
import type { Clock, Millis, Signal } from '../src/core/clock.ts'

export interface ClockRig {
  readonly clock: Clock
  /** Lets the clock's time pass until `work` settles. */
  run<T>(work: Promise<T>): Promise<T>
}

/** An AbortSignal that counts who listens. */
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

/** `never` is a wait that no test sits through, `short` one that every test can. */
const short: Millis = 3
const never: Millis = 1e9

/** The laws of every clock. */
export function clockContract(name: string, rig: () => ClockRig): void {
  describe(`${name} keeps the contract of a clock`, () => {
    test('time never goes back, and a sleep never ends early', async () => {
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
    })

    test('waits of nothing and less end at this instant in the order they began, after what is already due', async () => {
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
    })

    test('an abort ends the sleep at once with the reason of the signal', async () => {
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
    })

    test('one abort ends every sleep that listens, and no other', async () => {
      const { clock, run } = rig()
      const { signal, abort, listening } = countedAbort()
      const ended: number[] = []
      const sleeps = [0, 1, 2].map((i) => clock.sleep(never, signal).catch(() => ended.push(i)))
      const other = clock.sleep(short).then(() => ended.push(3))
      abort('gone')
      expect(listening()).toBe(0)
      await run(Promise.all([...sleeps, other]))
      expect(ended).toEqual([0, 1, 2, 3])
    })

    test('a signal that has already aborted ends the sleep before it begins', async () => {
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
    })

    test('nobody listens once the sleep has ended, and an abort then changes nothing', async () => {
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
    })

    test('nobody listens after an abort', async () => {
      const { clock, run } = rig()
      const { signal, abort, listening } = countedAbort()
      const slept = clock.sleep(never, signal)
      abort('gone')
      await expect(run(slept)).rejects.toBe('gone')
      expect(listening()).toBe(0)
    })
  })
}
