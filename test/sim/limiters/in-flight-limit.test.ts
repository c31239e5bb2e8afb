import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { costIn } from '../../../contracts/history.ts'
import { limiterContract } from '../../../contracts/limiter.ts'
import { inFlightLimit } from '../../../sim/limiters/in-flight-limit.ts'
import type { Limiter } from '../../../sim/limiters/limiter.ts'

/** The limiter with requests that all take as long. */
function lasting(limit: number, service: number): Limiter {
  const { check, enter } = inFlightLimit(limit)
  return {
    check,
    charge({ requests }, now) {
      for (let i = 0; i < requests; i++) enter(now + service, now)
    },
  }
}

limiterContract(
  'inFlightLimit',
  fc
    .record({ limit: fc.integer({ min: 1, max: 15 }), service: fc.integer({ min: 1, max: 40 }) })
    .map(({ limit, service }) => ({
      make: () => lasting(limit, service),
      cost: costIn('requests'),
      rules: ['concurrency'],
      memory: service,
    })),
)

const one = { requests: 1, tokens: 0 }
const steps = fc.array(
  fc.record({
    gap: fc.nat(4),
    kind: fc.constantFrom('enter', 'enter', 'leave'),
    service: fc.integer({ min: 1, max: 9 }),
    which: fc.nat(9),
  }),
  { maxLength: 40 },
)

test.prop([fc.integer({ min: 1, max: 4 }), steps])(
  'decides as one who counts the requests in flight',
  (limit, history) => {
    const limiter = inFlightLimit(limit)
    let inFlight: number[] = []
    let now = 0
    for (const { gap, kind, service, which } of history) {
      now += gap
      inFlight = inFlight.filter((end) => end > now)
      expect(limiter.level(now)).toEqual({ used: inFlight.length, limit })
      const wait = limiter.check(one, now)?.retryAfter ?? 0
      expect(wait).toBe(inFlight.length < limit ? 0 : Math.min(...inFlight) - now)
      if (kind === 'enter' && wait === 0) {
        limiter.enter(now + service, now)
        inFlight.push(now + service)
      }
      if (kind === 'leave') {
        const [left] = inFlight.splice(which % Math.max(1, inFlight.length), 1)
        if (left !== undefined) limiter.leave(left)
      }
    }
  },
)

test('one that has ended cannot leave again', () => {
  const limiter = inFlightLimit(1)
  limiter.enter(10, 0)
  limiter.leave(11)
  expect(limiter.check(one, 9)).toEqual({ rule: 'concurrency', retryAfter: 1 })
  limiter.enter(20, 10)
  limiter.leave(10)
  expect(limiter.check(one, 10)).toEqual({ rule: 'concurrency', retryAfter: 10 })
})
