import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { clockContract } from '../../../contracts/clock.ts'
import { punctualClock } from '../../../lab/load/punctual-clock.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Clock } from '../../../src/core/clock.ts'
import { systemClock } from '../../../src/core/system-clock.ts'

clockContract('punctualClock', () => ({ clock: punctualClock(systemClock), run: (work) => work }))

/** A clock whose timers ring late, by these times in turn. */
function lateClock(clock: Clock, delays: readonly number[]): Clock {
  let nth = 0
  return {
    now: clock.now,
    sleep: (ms, signal) => clock.sleep(Math.max(0, ms) + delays[nth++ % delays.length]!, signal),
  }
}

const delays = fc.array(fc.nat(20), { minLength: 1, maxLength: 5 })

test.prop([delays, fc.array(fc.integer({ min: 30, max: 99 }), { minLength: 1, maxLength: 20 })])(
  'waits one after the other end where they were meant to, however late their timers are',
  async (late, waits) => {
    const base = virtualClock()
    const clock = punctualClock(lateClock(base, late))
    const ends: number[] = []
    await base.run(
      (async () => {
        for (const wait of waits) {
          await clock.sleep(wait)
          ends.push(clock.now())
        }
      })(),
    )
    expect(ends).toEqual(waits.map((_, i) => waits.slice(0, i + 1).reduce((sum, wait) => sum + wait, 0)))
  },
)

test('the time is the real one again when the event loop goes on, and never goes back', async () => {
  let real = 0
  // Its timers ring as soon as something can run, when this much time has passed.
  const clock = punctualClock({
    now: () => real,
    sleep: async (ms) => {
      real += ms + 50
    },
  })
  const goesOn = () => new Promise((resolve) => setImmediate(resolve))
  await clock.sleep(100)
  expect([clock.now(), real]).toEqual([100, 150])
  await goesOn()
  expect(clock.now()).toBe(150)
  const waited = clock.sleep(10)
  real = 190
  expect(clock.now()).toBe(190)
  await waited
  expect(clock.now()).toBe(190)
})
