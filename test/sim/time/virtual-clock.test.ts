import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { clockContract } from '../../../contracts/clock.ts'
import { type VirtualClock, virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Millis } from '../../../src/core/clock.ts'

clockContract('virtualClock', () => {
  const clock = virtualClock()
  return { clock, run: (work) => clock.run(work) }
})

clockContract('virtualClock from another origin', () => {
  const clock = virtualClock(1_700_000_000_000)
  return { clock, run: (work) => clock.run(work) }
})

describe('order', () => {
  test('a day passes exactly, in little real time', async () => {
    const clock = virtualClock(5)
    await clock.run(clock.sleep(86_400_000))
    expect(clock.now()).toBe(86_400_005)
  })

  test('callbacks and sleeps of one instant fire in the order in which they were requested, at any earlier instants', async () => {
    const clock = virtualClock()
    const fired: string[] = []
    const note = (what: string) => () => {
      fired.push(`${what} at ${clock.now()}`)
    }
    clock.after(10, note('after, first'))
    const slept = clock.sleep(10).then(note('sleep'))
    clock.after(4, () => clock.after(6, note('after, asked at 4')))
    clock.after(10, note('after, last'))
    await clock.run(Promise.all([slept, clock.sleep(11)]))
    expect(fired).toEqual(['after, first at 10', 'after, last at 10', 'after, asked at 4 at 10', 'sleep at 10'])
  })

  type Plan = { readonly delay: Millis; readonly next: readonly Plan[] }
  const delays = fc.integer({ min: -2, max: 6 })
  const plans = (depth: number): fc.Arbitrary<Plan[]> =>
    fc.array(fc.record({ delay: delays, next: depth > 0 ? plans(depth - 1) : fc.constant([]) }), { maxLength: 3 })

  test.prop([plans(4)])('timers fire by due time and then by age, wherever they are set', async (planned) => {
    const clock = virtualClock()
    const fired: { due: Millis; age: number }[] = []
    let asked = 0
    const arrange = ({ delay, next }: Plan) => {
      const due = clock.now() + Math.max(0, delay)
      const age = asked++
      clock.after(delay, () => {
        expect(clock.now()).toBe(due)
        fired.push({ due, age })
        next.forEach(arrange)
      })
    }
    planned.forEach(arrange)
    await clock.run(clock.sleep(1000))
    expect(fired).toHaveLength(asked)
    expect(fired).toEqual(fired.toSorted((a, b) => a.due - b.due || a.age - b.age))
  })

  test.each<[string, (clock: VirtualClock) => Promise<unknown>]>([
    ['a sleep', (clock) => clock.sleep(1)],
    [
      'a callback that says so',
      (clock) =>
        new Promise<void>((resolve) => {
          clock.after(1, () => {
            clock.woke()
            resolve()
          })
        }),
    ],
    [
      'a callback that aborts a sleep',
      (clock) => {
        const controller = new AbortController()
        clock.after(1, () => controller.abort())
        return clock.sleep(50, controller.signal).catch(() => {})
      },
    ],
  ])('time does not move until all that follows %s has run', async (_, wait) => {
    const clock = virtualClock()
    for (const ms of [1, 2, 3]) clock.after(ms, () => {})
    const microtasks = async () => {
      for (let i = 0; i < 1000; i++) await Promise.resolve()
    }
    const work = async () => {
      await microtasks()
      expect(clock.now()).toBe(0)
      await wait(clock)
      await microtasks()
      return clock.now()
    }
    expect(await clock.run(work())).toBe(1)
  })
})

describe('run', () => {
  test('settles with the work, and then time no longer moves', async () => {
    const clock = virtualClock()
    const fired: string[] = []
    clock.after(50, () => fired.push('later'))
    expect(await clock.run(clock.sleep(10).then(() => 'done'))).toBe('done')
    expect([clock.now(), fired]).toEqual([10, []])
    await clock.run(clock.sleep(100))
    expect([clock.now(), fired]).toEqual([110, ['later']])
  })

  test('work that has settled takes no time', async () => {
    const clock = virtualClock()
    clock.after(1, () => {})
    expect(await clock.run(Promise.resolve(7))).toBe(7)
    expect(clock.now()).toBe(0)
  })

  test('rejects with the exception of the work', async () => {
    const clock = virtualClock()
    const fault = new Error('broken')
    const work = clock.sleep(5).then(() => {
      throw fault
    })
    await expect(clock.run(work)).rejects.toBe(fault)
    expect(clock.now()).toBe(5)
  })

  test('rejects with the exception of a callback', async () => {
    const clock = virtualClock()
    const fault = new Error('broken')
    clock.after(5, () => {
      throw fault
    })
    await expect(clock.run(clock.sleep(10))).rejects.toBe(fault)
    expect(clock.now()).toBe(5)
  })

  const days: [string, (clock: VirtualClock) => Promise<void>][] = [
    [
      'sleeps',
      async (clock) => {
        for (let i = 0; i < 10_000; i++) await clock.sleep(1)
      },
    ],
    [
      'callbacks',
      (clock) => {
        const tick = () => {
          if (clock.now() < 10_000) clock.after(1, tick)
        }
        tick()
        return clock.sleep(10_000)
      },
    ],
  ]
  test.each(days)('the event loop gets its turn while thousands of instants pass in %s', async (_, day) => {
    const clock = virtualClock()
    const turns: Millis[] = []
    const watch = () => {
      turns.push(clock.now())
      if (clock.now() < 10_000) setImmediate(watch)
    }
    setImmediate(watch)
    await clock.run(day(clock))
    expect(turns.filter((at) => at > 0 && at < 10_000).length).toBeGreaterThanOrEqual(5)
  })

  test('a timer that the event loop sets between turns fires at its time when only cancelled timers were due', async () => {
    const clock = virtualClock()
    const controller = new AbortController()
    const cancelled = Array.from({ length: 5000 }, (_, i) => clock.sleep(1000 + i, controller.signal))
    controller.abort('gone')
    await Promise.allSettled(cancelled)
    const fired: Millis[] = []
    const outside = () => {
      const asked = clock.now() + 10
      clock.after(10, () => fired.push(clock.now() - asked))
      if (clock.now() < 20_000) setImmediate(outside)
    }
    setImmediate(outside)
    await clock.run(clock.sleep(100_000))
    expect(fired.length).toBeGreaterThan(0)
    expect(new Set(fired)).toEqual(new Set([0]))
  })
})
