import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { clockContract } from '../../../contracts/clock.ts'
import { punctualClock } from '../../../lab/load/punctual-clock.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import { systemClock } from '../../../src/core/system-clock.ts'
import { delays, lateTimers } from '../../late-timers.ts'

clockContract('punctualClock', () => ({ clock: punctualClock(systemClock), run: (work) => work }))

test.prop([delays, fc.array(fc.integer({ min: 30, max: 99 }), { minLength: 1, maxLength: 20 })])(
  'waits one after the other end where they were meant to, however late their timers are',
  async (late, waits) => {
    const base = virtualClock()
    const clock = punctualClock(lateTimers(base, late))
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
