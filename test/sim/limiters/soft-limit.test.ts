import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { totalCharged } from '../../../contracts/history.ts'
import { limitLimiterContract } from '../../../contracts/limiter.ts'
import { slidingLog } from '../../../sim/limiters/sliding-log.ts'
import { type Room, softLimit } from '../../../sim/limiters/soft-limit.ts'

const closed: Room = { isOpen: () => false, changesAt: () => Infinity }

limitLimiterContract(
  'softLimit',
  (limit) => softLimit(slidingLog(limit), closed),
  (charges, amount, now, { limit, window }) =>
    totalCharged(charges.filter(({ at }) => at > now - window)) + amount <= limit,
)

/** Room that opens and closes in turn at these instants, which ascend. */
function opening(instants: readonly number[]): Room {
  return {
    isOpen: (now) => instants.filter((at) => at <= now).length % 2 === 1,
    changesAt: (now) => instants.find((at) => at > now) ?? Infinity,
  }
}

const instants = fc.uniqueArray(fc.nat(100), { maxLength: 6 }).map((each) => each.sort((a, b) => a - b))
const asked = fc.array(fc.record({ gap: fc.nat(8), requests: fc.nat(4) }), { maxLength: 40 })

test.prop([fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 }), instants, asked])(
  'denies what a count of the window denies while there is no room, and tells how long until either changes',
  (limit, window, changes, history) => {
    const room = opening(changes)
    const limiter = softLimit(slidingLog({ rule: 'rps', limit, window }), room)
    const charges: { at: number; requests: number }[] = []
    const passes = (requests: number, at: number) => {
      const counted = charges.filter((each) => each.at > at - window).reduce((sum, each) => sum + each.requests, 0)
      return requests === 0 || room.isOpen(at) || counted + requests <= limit
    }
    let now = 0
    for (const { gap, requests } of history) {
      now += gap
      const denial = limiter.check({ requests, tokens: 0 }, now)
      expect(denial === undefined).toBe(passes(requests, now))
      if (denial) {
        let wait = 1
        while (wait <= 200 && !passes(requests, now + wait)) wait++
        expect(denial.retryAfter).toBe(wait > 200 ? Infinity : wait)
        continue
      }
      limiter.charge({ requests, tokens: 0 }, now)
      charges.push({ at: now, requests })
    }
  },
)
