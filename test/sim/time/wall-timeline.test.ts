import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { clockContract } from '../../../contracts/clock.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import { type WallTimeline, wallTimeline } from '../../../sim/time/wall-timeline.ts'
import type { Clock, Millis, Signal } from '../../../src/core/clock.ts'
import { lastInstant } from '../../../src/core/last-instant.ts'
import { systemClock } from '../../../src/core/system-clock.ts'

clockContract('wallTimeline on the machine’s clock', () => ({ clock: wallTimeline(), run: (work) => work }))

clockContract('wallTimeline at sixty times the speed', () => ({
  clock: wallTimeline({ speed: 60, origin: 0 }),
  run: (work) => work,
}))

clockContract('wallTimeline on a virtual clock', () => {
  const real = virtualClock()
  return { clock: wallTimeline({ clock: real, speed: 0.25 }), run: (work) => real.run(work) }
})

interface HandClock extends Clock {
  /** Lets real time pass. Timers fire only when `fires` is true. */
  pass(ms: Millis, fires?: boolean): Promise<void>
  readonly waiting: number
}

/** A real clock that the test controls, whose timers fire late or not at all. */
function handClock(): HandClock {
  let now = 1000.25
  const sleepers = new Set<{ due: Millis; wake: () => void }>()
  return {
    now: () => now,
    sleep: (ms: Millis, signal?: Signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { due: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    async pass(ms, fires = true) {
      now += ms
      if (!fires) return
      for (const sleeper of sleepers) {
        if (sleeper.due > now) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      await Promise.resolve()
      await Promise.resolve()
    },
    get waiting() {
      return sleepers.size
    },
  }
}

function rig(speed = 1) {
  const clock = handClock()
  const timeline = wallTimeline({ clock, speed, origin: 0 })
  const fired: string[] = []
  const note = (what: string) => () => void fired.push(`${what} at ${timeline.now()}`)
  return { clock, timeline, fired, note }
}

describe('time', () => {
  test('starts at the real instant by default', () => {
    expect(wallTimeline({ clock: handClock() }).now()).toBe(1000)
    expect(wallTimeline({ clock: handClock(), origin: 5 }).now()).toBe(5)
    expect(Math.abs(wallTimeline().now() - systemClock.now())).toBeLessThan(1000)
  })

  test('moves at its speed, stands still at 0, and loses nothing when the speed changes', async () => {
    const { clock, timeline } = rig(2)
    await clock.pass(10.3)
    expect(timeline.now()).toBe(20)
    for (let i = 0; i < 1000; i++) {
      timeline.setSpeed(i % 2 === 0 ? 0.5 : 1.5)
      await clock.pass(0.4)
    }
    // The real time is 20.6 and a thousand times 0.4, at an average speed of 1.
    expect(timeline.now()).toBe(420)
    timeline.setSpeed(0)
    await clock.pass(1e9)
    expect(timeline.now()).toBe(420)
    expect(timeline.speed()).toBe(0)
  })

  test('does not drift over a long time or with many calls of `now`', async () => {
    const { clock, timeline } = rig(3)
    for (let i = 0; i < 100_000; i++) {
      await clock.pass(0.1, false)
      timeline.now()
      if (i % 100 === 0) timeline.advance(1)
    }
    expect(timeline.now()).toBe(31_000)
  })

  test('never goes back, although the real clock does', async () => {
    const { clock, timeline } = rig()
    await clock.pass(10)
    expect(timeline.now()).toBe(10)
    await clock.pass(-5)
    expect(timeline.now()).toBe(10)
  })
})

describe('a timer', () => {
  test('runs at its own instant and in its order, although the real timer fires late', async () => {
    const { clock, timeline, fired, note } = rig()
    timeline.after(30, note('third'))
    timeline.after(10, () => {
      note('first')()
      timeline.after(5, note('second'))
      timeline.after(1000, note('never'))
    })
    timeline.after(30, note('fourth'))
    await clock.pass(500)
    expect(fired).toEqual(['first at 10', 'second at 15', 'third at 30', 'fourth at 30'])
    expect(timeline.now()).toBe(500)
  })

  test('that is overdue runs before `now` returns', () => {
    const { clock, timeline, fired, note } = rig()
    timeline.after(10, note('overdue'))
    clock.pass(25, false)
    timeline.after(10, note('due later'))
    expect(fired).toEqual(['overdue at 10'])
    clock.pass(9, false)
    timeline.now()
    expect(fired).toHaveLength(1)
    clock.pass(1, false)
    timeline.now()
    expect(fired).toEqual(['overdue at 10', 'due later at 35'])
  })

  test('runs sooner when time moves faster, and not at all while time is paused', async () => {
    const { clock, timeline, fired, note } = rig()
    timeline.after(1000, note('timer'))
    await clock.pass(100)
    timeline.setSpeed(0)
    expect(clock.waiting).toBe(0)
    await clock.pass(1e6)
    timeline.setSpeed(90)
    expect(clock.waiting).toBe(1)
    await clock.pass(9)
    expect(fired).toEqual([])
    await clock.pass(1)
    expect(fired).toEqual(['timer at 1000'])
  })

  test('runs at its own instant when time is advanced, paused or not', async () => {
    const { clock, timeline, fired, note } = rig(0)
    timeline.after(10, () => {
      note('timer')()
      timeline.advance(5)
      note('timer, later')()
    })
    timeline.after(12, note('on the way'))
    timeline.after(100, note('beyond'))
    timeline.advance(20)
    expect(fired).toEqual(['timer at 10', 'on the way at 12', 'timer, later at 15'])
    expect(timeline.now()).toBe(25)
    timeline.setSpeed(1)
    timeline.advance(70)
    await clock.pass(5)
    expect(fired.at(-1)).toBe('beyond at 100')
  })

  test('may change the speed, or stop the timeline', async () => {
    const { clock, timeline, fired, note } = rig()
    timeline.after(10, () => timeline.setSpeed(0))
    timeline.after(20, note('overdue all the same'))
    timeline.after(40, note('after the pause'))
    await clock.pass(30)
    expect(timeline.now()).toBe(30)
    await clock.pass(100)
    expect(fired).toEqual(['overdue all the same at 20'])
    timeline.after(5, timeline.stop)
    timeline.advance(100)
    expect(timeline.now()).toBe(35)
    expect(fired).toHaveLength(1)
  })
})

describe('stop', () => {
  test('clears the real timers, and time stands still', async () => {
    const { clock, timeline, fired, note } = rig()
    timeline.after(10, note('never'))
    await clock.pass(5)
    timeline.now()
    timeline.stop()
    expect(clock.waiting).toBe(0)
    timeline.setSpeed(2)
    timeline.advance(100)
    timeline.after(1, note('never'))
    await clock.pass(100)
    expect(timeline.now()).toBe(5)
    expect(clock.waiting).toBe(0)
    expect(fired).toEqual([])
  })

  test('lets the process end', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    const timeline = wallTimeline()
    timeline.after(1e6, () => {})
    expect(timers()).toBe(before + 1)
    timeline.stop()
    expect(timers()).toBe(before)
  })
})

test('clears the real timer when the only sleep is aborted', async () => {
  const { clock, timeline } = rig()
  const controller = new AbortController()
  const slept = timeline.sleep(50, controller.signal)
  expect(clock.waiting).toBe(1)
  controller.abort('gone')
  expect(clock.waiting).toBe(0)
  await expect(slept).rejects.toBe('gone')
  const other = timeline.sleep(20)
  await clock.pass(20)
  await other
  expect(timeline.now()).toBe(20)
})

describe('what happens at one instant', () => {
  test('comes after what is due, and before what becomes due meanwhile', async () => {
    const { clock, timeline } = rig()
    const seen: [string, Millis][] = []
    const see = (what: string) => seen.push([what, timeline.now()])
    timeline.after(5, () => see('due'))
    timeline.after(7, () => see('later'))
    await clock.pass(6, false)
    const result = timeline.atOneInstant(() => {
      see('begins')
      clock.pass(10, false)
      timeline.after(0, () => see('at the same instant'))
      timeline.atOneInstant(() => see('within'))
      see('ends')
      return 'result'
    })
    expect(result).toBe('result')
    await clock.pass(0)
    timeline.now()
    expect(seen).toEqual([
      ['due', 5],
      ['begins', 6],
      ['within', 6],
      ['ends', 6],
      ['at the same instant', 6],
      ['later', 7],
    ])
  })

  test('lets time go on after an error', async () => {
    const { clock, timeline } = rig()
    const failing = () => {
      throw new Error('no')
    }
    expect(() => timeline.atOneInstant(failing)).toThrow('no')
    await clock.pass(3, false)
    expect(timeline.now()).toBe(3)
  })
})

describe('the last instant that has a date', () => {
  const nearEnd = () => {
    const clock = handClock()
    return { clock, timeline: wallTimeline({ clock, origin: lastInstant - 10, speed: 1_000_000 }) }
  }

  test('is where time stops, and what is due later never happens', async () => {
    const { clock, timeline } = nearEnd()
    const rung: Millis[] = []
    timeline.after(10, () => rung.push(timeline.now()))
    timeline.after(11, () => rung.push(timeline.now()))
    timeline.after(2 ** 50, () => rung.push(timeline.now()))
    await clock.pass(1e9)
    expect(timeline.now()).toBe(lastInstant)
    timeline.after(0, () => rung.push(timeline.now()))
    await clock.pass(1e9)
    timeline.setSpeed(1)
    await clock.pass(1e9)
    expect(timeline.now()).toBe(lastInstant)
    expect(rung).toEqual([lastInstant, lastInstant])
    expect(clock.waiting).toBe(0)
  })

  test('is not passed by an advance, which says so and changes nothing', () => {
    const { timeline } = nearEnd()
    expect(() => timeline.advance(11)).toThrow(
      'Expected `advance` to be at most 10, since time ends on 9999-12-31T23:59:59.999Z, got 11',
    )
    expect(timeline.now()).toBe(lastInstant - 10)
    timeline.advance(10)
    timeline.advance(0)
    expect(() => timeline.advance(1)).toThrow('Expected `advance` to be at most 0')
    expect(timeline.now()).toBe(lastInstant)
  })
})

describe('wrong values are not accepted', () => {
  test.each([Number.NaN, Infinity, -1, 1e-310, 1e7, '1' as never])('a speed of %s', (speed) => {
    const message = `Expected \`speed\` to be ${Number.isFinite(speed) ? '' : 'a finite number '}>= 0.001 and <= 1000000`
    expect(() => wallTimeline({ speed })).toThrow(message)
    expect(() => rig().timeline.setSpeed(speed)).toThrow('0 pauses')
  })

  test.each([Number.NaN, Infinity, 0.5, lastInstant + 1, -lastInstant - 1])('an origin of %s', (origin) => {
    expect(() => wallTimeline({ origin })).toThrow(/^Expected `origin` to be/)
  })

  test.each([Number.NaN, Infinity, -1, 0.5, Number.MAX_SAFE_INTEGER])('an advance of %s', (ms) => {
    const { timeline } = rig()
    timeline.advance(1)
    expect(() => timeline.advance(ms)).toThrow('Expected `advance` to be')
    expect(timeline.now()).toBe(1)
  })

  test.each([Number.NaN, Infinity])('a wait of %s', async (ms) => {
    const { timeline } = rig()
    expect(() => timeline.after(ms, () => {})).toThrow(`Expected \`delay\` to be a whole number, got ${ms}`)
    await expect(timeline.sleep(ms)).rejects.toThrow(RangeError)
  })
})

describe('against a model', () => {
  type Step =
    | { readonly kind: 'pass'; readonly ms: number; readonly fires: boolean }
    | { readonly kind: 'after'; readonly delay: number; readonly again: number }
    | { readonly kind: 'speed'; readonly speed: number }
    | { readonly kind: 'advance'; readonly ms: number }
    | { readonly kind: 'now' }
  const steps: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 40 }), fires: fc.boolean() }),
    fc.record({
      kind: fc.constant('after' as const),
      delay: fc.integer({ min: -1, max: 60 }),
      again: fc.integer({ min: 0, max: 20 }),
    }),
    fc.record({ kind: fc.constant('speed' as const), speed: fc.constantFrom(0, 0.5, 1, 2, 8) }),
    fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ kind: fc.constant('now' as const) }),
  )

  /** A simple model: simulated time by adding up, and timers in a list that is sorted for each of them. */
  function model() {
    let exact = 0
    let speed = 1
    let age = 0
    const timers: { due: number; age: number; again: number }[] = []
    const fired: string[] = []
    const add = (at: number, delay: number, again: number) =>
      timers.push({ due: at + Math.max(0, delay), age: age++, again })
    const settle = () => {
      for (;;) {
        const next = timers.sort((a, b) => a.due - b.due || a.age - b.age)[0]
        if (!next || next.due > Math.floor(exact)) return
        timers.shift()
        fired.push(`${next.age} at ${next.due}`)
        if (next.again > 0) add(next.due, next.again, 0)
      }
    }
    return {
      fired,
      take(step: Step): void {
        if (step.kind === 'pass') exact += step.ms * speed
        settle()
        if (step.kind === 'after') add(Math.floor(exact), step.delay, step.again)
        if (step.kind === 'speed') speed = step.speed
        if (step.kind === 'advance') exact += step.ms
        settle()
      },
      now: () => Math.floor(exact),
    }
  }

  test.prop([fc.array(steps, { maxLength: 60 })])(
    'time and order are those of the model, after any steps',
    async (all) => {
      const clock = handClock()
      const timeline: WallTimeline = wallTimeline({ clock, origin: 0 })
      const ideal = model()
      const fired: string[] = []
      let age = 0
      const add = (delay: number, again: number) => {
        const own = age++
        timeline.after(delay, () => {
          fired.push(`${own} at ${timeline.now()}`)
          if (again > 0) add(again, 0)
        })
      }
      for (const step of all) {
        // A step may first fire overdue timers. The ages in the model follow the same order.
        timeline.now()
        ideal.take({ kind: 'now' })
        if (step.kind === 'pass') await clock.pass(step.ms, step.fires)
        if (step.kind === 'after') add(step.delay, step.again)
        if (step.kind === 'speed') timeline.setSpeed(step.speed)
        if (step.kind === 'advance') timeline.advance(step.ms)
        ideal.take(step)
        expect(timeline.now()).toBe(ideal.now())
        expect(fired).toEqual(ideal.fired)
      }
    },
  )
})
