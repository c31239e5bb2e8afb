import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { SendLog } from '../../../../src/strategies/pacing/send-log.ts'

const steps = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.nat(30)),
    cost: fc.nat(20),
    corrects: fc.option(fc.record({ entry: fc.nat(30), cost: fc.nat(25) })),
  }),
  { minLength: 1, maxLength: 60 },
)

test.prop([fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 60 }), steps])(
  'opens at the first instant at which the sum of the window has room, as trying each instant finds it',
  (limit, window, steps) => {
    const log = new SendLog(limit, window)
    const sent: { at: number; cost: number; correct: (cost: number) => void }[] = []
    const sumAt = (now: number) =>
      sent.filter(({ at }) => at > now - window && at <= now).reduce((sum, { cost }) => sum + cost, 0)
    let now = 0
    for (const { gap, cost, corrects } of steps) {
      now += gap
      const entry = corrects && sent[corrects.entry]
      if (entry) {
        entry.correct(corrects.cost)
        entry.cost = corrects.cost
      }
      let earliest = now
      while (sumAt(earliest) > 0 && sumAt(earliest) + Math.min(cost, limit) > limit) earliest++
      expect(Math.max(now, log.opensAt(cost, now))).toBe(earliest)
      now = earliest
      sent.push({ at: now, cost: Math.min(cost, limit), correct: log.count(cost, now) })
    }
  },
)
