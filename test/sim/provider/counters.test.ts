import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { counters } from '../../../sim/provider/counters.ts'
import type { Limit } from '../../../src/core/limit.ts'
import { type Switches, switchesOf } from '../../../src/scenario/switches.ts'
import { anyLimits, anyWindow, calm, gaps, minute, requests, tokens } from '../rig.ts'

const of = (limits: readonly Limit[], switches: Partial<Switches> = {}) =>
  counters(limits, switchesOf({ ...calm, ...switches }), true)

describe('levels', () => {
  test('are those of the limits, followed by those of the burst guards', () => {
    const counting = of([requests(60), tokens(6000)], { burstGuard: true, burstInterval: 10_000, burstFloor: 1 })
    counting.limiter.charge({ requests: 1, tokens: 50 }, 5)
    expect(counting.levels(5)).toEqual([
      { rule: 'rpm', unit: 'requests', limit: 60, window: minute, used: 1, retryAfter: 0 },
      { rule: 'tpm', unit: 'tokens', limit: 6000, window: minute, used: 50, retryAfter: 0 },
      { rule: 'burst', unit: 'requests', limit: 10, window: 10_000, used: 1, retryAfter: 0 },
      { rule: 'burst', unit: 'tokens', limit: 1000, window: 10_000, used: 50, retryAfter: 0 },
    ])
  })

  test('of a burst guard give the amount that the present interval may carry', () => {
    const counting = of([requests(600)], { burstGuard: true, burstInterval: 10_000, burstFloor: 0.1, burstGrowth: 2 })
    const guard = (now: number) => counting.levels(now).at(-1)!
    for (let i = 0; i < 10; i++) counting.limiter.charge({ requests: 1, tokens: 0 }, 9999)
    expect(guard(9999)).toMatchObject({ limit: 10, used: 10, retryAfter: 1 })
    expect(guard(10_000)).toMatchObject({ limit: 20, used: 0, retryAfter: 0 })
  })

  test('are whole numbers after any multiplication of a limit, and return to their first value', () => {
    const counting = of([requests(600)])
    const limit = () => counting.limits()[0]!.limit
    for (let i = 0; i < 200; i++) counting.scale(1000, 0)
    expect(limit()).toBe(Number.MAX_SAFE_INTEGER)
    for (let i = 0; i < 200; i++) counting.scale(0.001, 0)
    expect(limit()).toBe(1)
    for (let i = 0; i < 200; i++) counting.scale(1000, 0)
    expect(limit()).toBe(Number.MAX_SAFE_INTEGER)
  })

  test('follow changed limits, also those of the burst guards', () => {
    const counting = of([requests(60)], { burstGuard: true, burstInterval: 10_000, burstFloor: 1 })
    counting.limiter.charge({ requests: 5, tokens: 0 }, 0)
    counting.setLimits([requests(6)], 1)
    expect(counting.levels(1)).toMatchObject([
      { rule: 'rpm', limit: 6, used: 5 },
      { rule: 'burst', limit: 1, used: 0 },
    ])
  })

  property.prop([
    anyLimits,
    anyWindow,
    fc.boolean(),
    fc.array(fc.tuple(gaps, fc.integer({ min: 1, max: 12 })), { maxLength: 60 }),
  ])(
    'the first level without room for a request names the rule that denies it',
    (limits, window, burstGuard, asked) => {
      const counting = of(limits, { window, burstGuard, burstInterval: 7, burstMemory: 21, burstFloor: 0.5 })
      let now = 0
      for (const [gap, count] of asked) {
        now += gap
        const cost = { requests: 1, tokens: count }
        const full = counting.levels(now).find(({ rule, unit, used, limit }) => {
          // A single request passes the burst guard even when its prompt is very long.
          return used + cost[unit] > limit && !(rule === 'burst' && used === 0)
        })
        const denial = counting.limiter.check(cost, now)
        expect(denial?.rule).toBe(full?.rule)
        if (!denial) counting.limiter.charge(cost, now)
      }
    },
  )

  property.prop([anyLimits, anyWindow, fc.array(gaps, { maxLength: 60 })])(
    'a level has room for the smallest request after the wait that it gives, and not before',
    (limits, window, between) => {
      const counting = of(limits, { window })
      let now = 0
      for (const gap of between) {
        now += gap
        const cost = { requests: 1, tokens: 1 }
        if (!counting.limiter.check(cost, now)) counting.limiter.charge(cost, now)
      }
      // The requests are in the order of time, because time never goes back.
      const looks = counting
        .levels(now)
        .flatMap(({ retryAfter }, i) => [
          ...(retryAfter > 0 ? [{ i, at: now + retryAfter - 1, hasRoom: false }] : []),
          { i, at: now + retryAfter, hasRoom: true },
        ])
      for (const { i, at, hasRoom } of looks.toSorted((a, b) => a.at - b.at)) {
        const { used, limit } = counting.levels(at)[i]!
        expect(used + 1 <= limit).toBe(hasRoom)
      }
    },
  )
})
