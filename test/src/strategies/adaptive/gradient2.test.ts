import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Send } from '../../../../src/core/call.ts'
import { seeded } from '../../../../src/core/random.ts'
import { gradient2 } from '../../../../src/strategies/adaptive/gradient2.ts'
import { watched } from '../watched.ts'

property.prop([
  fc.uniqueArray(fc.integer({ min: 10, max: 100_000 }), { minLength: 1, maxLength: 40 }),
  fc.constantFrom(1, 1.5, 3),
])('the limit is that of the formula after the answers of a crowd', async (times, tolerance) => {
  const clock = virtualClock()
  const { strategy, state } = watched(gradient2({ start: times.length, least: 1, most: 1000, tolerance }))
  const serve: Send = async (call) => {
    await clock.sleep(times[call.id]!)
    return okReply()
  }
  const send = strategy.wrap(serve, { clock, random: seeded(1) })
  await clock.run(Promise.all(times.map((_, id) => send(exampleCall(id)))))

  let limit = times.length
  let long = 0
  for (const [k, rtt] of times.toSorted((a, b) => a - b).entries()) {
    // The mean of the first ten, and then 2 ÷ 601 of the newest.
    long = k < 10 ? (long * k + rtt) / (k + 1) : (long * 599 + rtt * 2) / 601
    const gradient = Math.min(1, Math.max(1 / 2, tolerance * (long / rtt)))
    if (2 * (times.length - k) >= limit) limit = Math.max(1, limit + 0.2 * (4 - limit * (1 - gradient)))
  }
  expect(state('gradient2').limit).toBeCloseTo(limit, 6)
})

test('a long mean above twice the newest time shrinks by a tenth', async () => {
  // The slow one comes first; by the last answers the mean has come down so far that the gradient is 1 again.
  const limits: unknown[] = []
  const { strategy, state } = watched(gradient2({ start: 1, least: 1, most: 10, tolerance: 1 }))
  const times = [1000, 100, 100, 600]
  const clock = virtualClock()
  const send = strategy.wrap(
    async (call) => {
      await clock.sleep(times[call.id]!)
      return okReply()
    },
    { clock, random: seeded(1) },
  )
  await clock.run(
    (async () => {
      for (const id of times.keys()) {
        await send(exampleCall(id))
        limits.push(state('gradient2').long)
      }
    })(),
  )
  // (1000 + 100) ÷ 2 · 0.9, then (495 · 2 + 100) ÷ 3 · 0.9, then a mean with 600.
  expect(limits).toEqual([1000, 495, expect.closeTo(327, 6), expect.closeTo((327 * 3 + 600) / 4, 6)])
})

test('is blind to 429s: a crowd that is denied leaves the limit as it is', async () => {
  const { strategy, state } = watched(gradient2())
  const rig = strategyRig({ strategy, script: () => throttledReply() })
  await rig.run(callsAtOnce(100, 0, { deadline: 5000 }))
  expect(state('gradient2').limit).toBe(20)
  expect(rig.attempts.length).toBeGreaterThan(200)
})

property.prop([fc.array(fc.integer({ min: 10, max: 5000 }), { minLength: 1, maxLength: 40 })])(
  'stays within its bounds',
  async (times) => {
    const { strategy, state } = watched(gradient2({ start: 20, least: 20, most: 30 }))
    const rig = strategyRig({ strategy, script: () => okReply(), serviceTime: times[0]! })
    await rig.run(callsAtOnce(200))
    expect(state('gradient2').limit).toBeGreaterThanOrEqual(20)
    expect(state('gradient2').limit).toBeLessThanOrEqual(30)
  },
)

test('is named after its options and checks them', () => {
  expect(gradient2().name).toBe('gradient2(20, 20..200, 1.5)')
  expect(() => gradient2({ tolerance: 0.9 })).toThrow('Expected `tolerance` to be >= 1, got 0.9')
  expect(() => gradient2({ most: 10 })).toThrow('Expected `most` to be >= 20, got 10')
})
