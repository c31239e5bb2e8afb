import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type CountedQuota, countedQuota } from '../../../sim/provider/counted-quota.ts'
import { type Counters, counters } from '../../../sim/provider/counters.ts'
import { roomsOf } from '../../../sim/provider/rooms.ts'
import type { Millis } from '../../../src/core/clock.ts'
import type { Limit } from '../../../src/core/limit.ts'
import { seeded } from '../../../src/core/random.ts'
import { type Switches, switchesOf } from '../../../src/scenario/switches.ts'
import { anyLimits, anyWindow, calm, gaps, minute, requests, rowOf, tokens } from '../rig.ts'

/** Limits that are counted, and the quota of a key that has them. */
interface Counted extends CountedQuota {
  readonly counting: Counters
}

interface CountedOptions {
  /** The limits of the key's workspace. Default: it belongs to none. */
  readonly workspace?: readonly Limit[]
  readonly phase?: Millis
}

function of(
  limits: readonly Limit[],
  given: Partial<Switches> = {},
  { workspace, phase = 0 }: CountedOptions = {},
): Counted {
  const switches = switchesOf({ ...calm, ...given })
  const how = { switches, windowPhase: () => phase, room: roomsOf(seeded(1), switches)('m') }
  const counting = counters(limits, { ...how, guardPhase: () => phase })
  const narrower = workspace && counters(workspace, how)
  return { counting, ...countedQuota(rowOf(limits), switches, counting, narrower) }
}

describe('levels', () => {
  test('are those of the limits, followed by those of the burst guards', () => {
    const counted = of([requests(60), tokens(6000)], { burstGuard: true, burstInterval: 10_000, burstFloor: 1 })
    counted.limiter.charge({ requests: 1, tokens: 50 }, 5)
    expect(counted.levels(5)).toEqual([
      { rule: 'rpm', unit: 'requests', limit: 60, window: minute, used: 1, retryAfter: 0 },
      { rule: 'tpm', unit: 'tokens', limit: 6000, window: minute, used: 50, retryAfter: 0 },
      { rule: 'burst', unit: 'requests', limit: 10, window: 10_000, used: 1, retryAfter: 0, phase: 0 },
      { rule: 'burst', unit: 'tokens', limit: 1000, window: 10_000, used: 50, retryAfter: 0, phase: 0 },
    ])
  })

  test('of a burst guard give the amount that the present interval may carry', () => {
    const counted = of([requests(600)], { burstGuard: true, burstInterval: 10_000, burstFloor: 0.1, burstGrowth: 2 })
    const guard = (now: number) => counted.levels(now).at(-1)!
    for (let i = 0; i < 10; i++) counted.limiter.charge({ requests: 1, tokens: 0 }, 9999)
    expect(guard(9999)).toMatchObject({ limit: 10, used: 10, retryAfter: 1 })
    expect(guard(10_000)).toMatchObject({ limit: 20, used: 0, retryAfter: 0 })
  })

  test('are whole numbers after any multiplication of a limit, and return to their first value', () => {
    const counted = of([requests(600)])
    const limit = () => counted.counting.limits()[0]!.limit
    for (let i = 0; i < 200; i++) counted.counting.scale(1000, 0)
    expect(limit()).toBe(Number.MAX_SAFE_INTEGER)
    for (let i = 0; i < 200; i++) counted.counting.scale(0.001, 0)
    expect(limit()).toBe(1)
    for (let i = 0; i < 200; i++) counted.counting.scale(1000, 0)
    expect(limit()).toBe(Number.MAX_SAFE_INTEGER)
  })

  test('follow changed limits, also those of the burst guards', () => {
    const counted = of([requests(60)], { burstGuard: true, burstInterval: 10_000, burstFloor: 1 })
    counted.limiter.charge({ requests: 5, tokens: 0 }, 0)
    counted.counting.setLimits([requests(6)], 1)
    expect(counted.levels(1)).toMatchObject([
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
      const counted = of(limits, { window, burstGuard, burstInterval: 7, burstMemory: 21, burstFloor: 0.5 })
      let now = 0
      for (const [gap, count] of asked) {
        now += gap
        const cost = { requests: 1, tokens: count }
        const full = counted.levels(now).find(({ rule, unit, used, limit }) => {
          // A single request passes the burst guard even when its prompt is very long.
          return used + cost[unit] > limit && !(rule === 'burst' && used === 0)
        })
        const denial = counted.limiter.check(cost, now)
        expect(denial?.rule).toBe(full?.rule)
        if (!denial) counted.limiter.charge(cost, now)
      }
    },
  )

  property.prop([anyLimits, anyWindow, fc.array(gaps, { maxLength: 60 })])(
    'a level has room for the smallest request after the wait that it gives, and not before',
    (limits, window, between) => {
      const counted = of(limits, { window })
      let now = 0
      for (const gap of between) {
        now += gap
        const cost = { requests: 1, tokens: 1 }
        if (!counted.limiter.check(cost, now)) counted.limiter.charge(cost, now)
      }
      // The requests are in the order of time, because time never goes back.
      const looks = counted
        .levels(now)
        .flatMap(({ retryAfter }, i) => [
          ...(retryAfter > 0 ? [{ i, at: now + retryAfter - 1, hasRoom: false }] : []),
          { i, at: now + retryAfter, hasRoom: true },
        ])
      for (const { i, at, hasRoom } of looks.toSorted((a, b) => a.at - b.at)) {
        const { used, limit } = counted.levels(at)[i]!
        expect(used + 1 <= limit).toBe(hasRoom)
      }
    },
  )
})

describe('the phase', () => {
  test('is where fixed windows and intervals of the burst guard begin, and levels show it', () => {
    const guarded = of([requests(60)], { window: 'fixed', burstGuard: true }, { phase: 400 })
    expect(guarded.levels(0).map(({ rule, phase }) => [rule, phase])).toEqual([
      ['rpm', 400],
      ['burst', 400],
    ])
    const fixed = of([requests(1)], { window: 'fixed' }, { phase: 400 })
    fixed.limiter.charge({ requests: 1, tokens: 1 }, 0)
    expect(fixed.limiter.check({ requests: 1, tokens: 1 }, 0)?.retryAfter).toBe(400)
  })

  test('is absent where the window has no grid', () => {
    for (const window of ['sliding', 'bucket'] as const)
      expect(of([requests(60)], { window }, { phase: 400 }).levels(0)[0]).not.toHaveProperty('phase')
  })
})

describe('the order in which limits are asked', () => {
  const limits = [requests(2, 1000), tokens(20), requests(60)]
  const workspace = [requests(2), tokens(20, 1000)]
  const full = (checkOrder: Switches['checkOrder'], own?: readonly Limit[]) => {
    const switches = { checkOrder, burstGuard: true, burstInterval: 1000, burstFloor: 0.5 }
    const counted = of(limits, switches, own && { workspace: own })
    for (let i = 0; i < 2; i++) counted.limiter.charge({ requests: 1, tokens: 10 }, 0)
    return counted
  }
  const one = { requests: 1, tokens: 10 }

  test.each([
    ['limits-first', 'rps', ['rps', 'tpm', 'rpm', 'burst', 'burst']],
    ['guard-first', 'burst', ['burst', 'burst', 'rps', 'tpm', 'rpm']],
    ['tokens-first', 'tpm', ['tpm', 'rps', 'rpm', 'burst', 'burst']],
  ] as const)('%s: a denial names %s, and levels have the same order', (order, rule, levels) => {
    const counted = full(order)
    expect(counted.limiter.check(one, 0)?.rule).toBe(rule)
    expect(counted.levels(0).map((level) => level.rule)).toEqual(levels)
  })

  test.each([
    ['limits-first', 'rpm', ['rpm', 'tps', 'rps', 'tpm', 'rpm', 'burst', 'burst']],
    ['guard-first', 'burst', ['burst', 'burst', 'rpm', 'tps', 'rps', 'tpm', 'rpm']],
    ['tokens-first', 'tps', ['tps', 'tpm', 'rpm', 'rps', 'rpm', 'burst', 'burst']],
  ] as const)('%s: the limits of a workspace come first within the order', (order, rule, levels) => {
    const counted = full(order, workspace)
    expect(counted.limiter.check(one, 0)?.rule).toBe(rule)
    expect(counted.levels(0).map((level) => level.rule)).toEqual(levels)
  })

  property.prop([anyLimits, anyWindow, fc.array(fc.tuple(gaps, fc.integer({ min: 1, max: 12 })), { maxLength: 60 })])(
    'decides neither whether a request passes, nor its wait, nor which rules deny it',
    (limits, window, asked) => {
      const switches = { window, burstGuard: true, burstInterval: 7, burstMemory: 21, burstFloor: 0.5 }
      const [first, ...others] = (['limits-first', 'guard-first', 'tokens-first'] as const).map((checkOrder) =>
        of(limits, { ...switches, checkOrder }),
      )
      let now = 0
      for (const [gap, count] of asked) {
        now += gap
        const cost = { requests: 1, tokens: count }
        const denialOf = ({ limiter }: Counted) => {
          const denial = limiter.check(cost, now)
          return denial && { retryAfter: denial.retryAfter, rules: denial.rules }
        }
        const denial = denialOf(first!)
        for (const other of others) expect(denialOf(other)).toEqual(denial)
        if (!denial) for (const each of [first!, ...others]) each.limiter.charge(cost, now)
      }
    },
  )
})

describe('a soft limit', () => {
  const soft: Limit = { ...requests(2), soft: true }

  test('shows whether there is room, and denies nothing while there is', () => {
    const [never, always] = [of([soft], { softRoom: 0 }), of([soft, tokens(9)], { softRoom: 1 })]
    for (const { limiter } of [never, always]) limiter.charge({ requests: 3, tokens: 0 }, 0)
    expect(never.levels(1)[0]).toMatchObject({ limit: 2, used: 3, hasRoom: false, retryAfter: minute - 1 })
    expect(always.levels(1)[0]).toMatchObject({ limit: 2, used: 3, hasRoom: true, retryAfter: 0 })
    expect(always.levels(1)[1]).not.toHaveProperty('hasRoom')
    expect(always.limiter.check({ requests: 1, tokens: 9 }, 1)).toBeUndefined()
    expect(always.limiter.check({ requests: 1, tokens: 10 }, 1)?.rule).toBe('tpm')
    expect(always.counting.limits()).toEqual([soft, tokens(9)])
  })

  test('begins empty when it becomes hard, and keeps what it has counted when its number changes', () => {
    const { counting, limiter, levels } = of([soft], { softRoom: 0 })
    limiter.charge({ requests: 2, tokens: 0 }, 0)
    counting.setLimits([{ ...soft, limit: 5 }], 1)
    expect(levels(1)[0]).toMatchObject({ limit: 5, used: 2 })
    counting.setLimits([requests(5)], 2)
    expect(levels(2)[0]!.used).toBe(0)
  })
})

describe('a refund', () => {
  test('is given back by every token limit, also those of the workspace, and by nothing else', () => {
    const counted = of([requests(9), tokens(50)], { burstGuard: true }, { workspace: [tokens(30, 1000)] })
    counted.limiter.charge({ requests: 1, tokens: 20 }, 10)
    counted.refund({ requests: 0, tokens: 15 }, 10, 20)
    const used = (rule: string) =>
      counted
        .levels(20)
        .filter((level) => level.rule === rule)
        .map((level) => level.used)
    expect([used('tps'), used('tpm'), used('rpm'), used('burst')]).toEqual([[5], [5], [1], [1, 20]])
  })

  test('takes nothing from a window that was opened after the charge', () => {
    const counted = of([tokens(50)])
    counted.limiter.charge({ requests: 1, tokens: 20 }, 10)
    counted.counting.setLimits([tokens(50), tokens(40, 1000)], 11)
    counted.limiter.charge({ requests: 1, tokens: 7 }, 11)
    counted.refund({ requests: 0, tokens: 20 }, 10, 12)
    expect(counted.levels(12).map(({ used }) => used)).toEqual([7, 7])
  })
})
