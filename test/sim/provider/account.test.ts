import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { intl } from '../../../sim/profiles/intl.ts'
import { type Account, account } from '../../../sim/provider/account.ts'
import { phasesOf } from '../../../sim/provider/phases.ts'
import { roomsOf } from '../../../sim/provider/rooms.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { type Limit, type Unit, unitOf } from '../../../src/core/limit.ts'
import { seeded } from '../../../src/core/random.ts'
import type { AccountSpec } from '../../../src/scenario/accounts.ts'
import { type Switches, switchesOf } from '../../../src/scenario/switches.ts'
import { anyLimits, type Charge, calm, firstFull, gaps, minute, profileOf, requests, tokens } from '../rig.ts'

const fromStart = phasesOf(seeded(1), switchesOf(calm))
const rooms = roomsOf(seeded(1), switchesOf(calm))

interface Options {
  readonly limits?: readonly Limit[]
  readonly models?: Readonly<Record<string, readonly Limit[]>>
  readonly switches?: Partial<Switches>
  readonly workspaces?: AccountSpec['workspaces']
}

function accountOf({ limits = [], models = {}, switches = {}, workspaces = [] }: Options): Account {
  const spec: AccountSpec = { name: 'a', keys: ['k'], workspaces }
  return account({
    spec,
    profile: profileOf({ m: limits, ...models }),
    switches: switchesOf({ ...calm, ...switches }),
    phases: fromStart,
    rooms,
  })
}

interface Asked {
  readonly tokens?: number
  readonly model?: string
  readonly workspace?: string
}

/** Checks one request, charges it if it passes, and returns the rule that denied it. */
function ask(who: Account, now: Millis, { tokens = 0, model = 'm', workspace }: Asked = {}): string {
  const { limiter } = who.quota(model, workspace)!
  const cost = { requests: 1, tokens }
  const denial = limiter.check(cost, now)
  if (!denial) limiter.charge(cost, now)
  return denial?.rule ?? 'admitted'
}

/** The number of `count` requests at one instant that pass. */
function passed(who: Account, now: Millis, count: number, asked: Asked = {}): number {
  return Array.from({ length: count }, () => ask(who, now, asked)).filter((verdict) => verdict === 'admitted').length
}

describe('models', () => {
  test('a model that the profile does not have has no quota, even when its name is one of the prototype', () => {
    const who = accountOf({ workspaces: [{ name: 'w', keys: ['k'], limits: {} }] })
    for (const model of ['qwen', 'constructor', 'toString', '__proto__', '']) {
      expect(who.quota(model)).toBeUndefined()
      expect(who.quota(model, 'w')).toBeUndefined()
    }
  })

  test('a model has the same quota object each time', () => {
    const who = accountOf({ limits: [requests(1)] })
    expect(who.quota('m')).toBe(who.quota('m'))
  })

  test('a dated snapshot is a model of its own', () => {
    const who = account({
      spec: { name: 'a', keys: ['k'] },
      profile: intl,
      switches: switchesOf(calm),
      phases: fromStart,
      rooms,
    })
    expect(passed(who, 0, 50, { model: 'qwen3-max-2025-09-23' })).toBe(1)
    expect(passed(who, 0, 50, { model: 'qwen3-max' })).toBe(10)
    expect(who.quota('qwen3-max')!.row).toBe(intl.models['qwen3-max'])
  })

  property.prop([anyLimits, fc.array(fc.record({ gap: gaps, tokens: fc.nat(30), other: fc.boolean() }))])(
    'decisions on each model follow its own sliding windows, with any traffic of the other',
    (limits, asked) => {
      const who = accountOf({ limits, models: { other: limits } })
      const counted: Record<string, Charge[]> = { m: [], other: [] }
      let now = 0
      for (const { gap, tokens, other } of asked) {
        now += gap
        const model = other ? 'other' : 'm'
        const cost = { at: now, requests: 1, tokens }
        const full = firstFull(counted[model]!, limits, cost)
        expect(ask(who, now, { model, tokens })).toBe(full?.rule ?? 'admitted')
        if (!full) counted[model]!.push(cost)
      }
    },
  )
})

describe('the switch `window` chooses the algorithm', () => {
  const end = 59_999
  const full = (switches: Partial<Switches>) => {
    const who = accountOf({ limits: [requests(10)], switches })
    return [passed(who, end, 50), passed(who, end + 1, 50)]
  }

  test('fixed: twice the limit passes around the end of a window', () => {
    expect(full({ window: 'fixed' })).toEqual([10, 10])
  })

  test('sliding: no window of any position admits more than the limit', () => {
    expect(full({ window: 'sliding' })).toEqual([10, 0])
    const who = accountOf({ limits: [requests(10)], switches: { window: 'sliding' } })
    expect(passed(who, 30_000, 10)).toBe(10)
    expect(passed(who, 89_999, 10)).toBe(0)
    expect(passed(who, 90_000, 50)).toBe(10)
  })

  test('bucket: the limit passes at once, then requests pass at even intervals', () => {
    const who = accountOf({ limits: [requests(10)], switches: { window: 'bucket' } })
    expect(passed(who, 0, 50)).toBe(10)
    const admittedAt = Array.from({ length: 18_001 }, (_, now) => now).filter((now) => ask(who, now) === 'admitted')
    expect(admittedAt).toEqual([6000, 12_000, 18_000])
  })

  test('the same algorithm holds for a workspace', () => {
    const workspaces = [{ name: 'w', keys: ['k'], limits: { m: [requests(10)] } }]
    const who = accountOf({ workspaces, switches: { window: 'fixed' } })
    expect([passed(who, end, 50, { workspace: 'w' }), passed(who, end + 1, 50, { workspace: 'w' })]).toEqual([10, 10])
  })

  property.prop([fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 50 })])(
    'under saturation each fixed window admits its limit, and no sliding window admits more than its limit',
    (limit, window) => {
      const admittedBy = (switches: Partial<Switches>) => {
        const who = accountOf({ limits: [{ rule: 'rpm', limit, window }], switches })
        return Array.from({ length: 4 * window }, (_, now) => passed(who, now, limit + 1))
      }
      const inEach = (counts: number[], from: number) => counts.slice(from, from + window).reduce((a, b) => a + b, 0)
      const fixed = admittedBy({ window: 'fixed' })
      for (let k = 0; k < 4; k++) expect(inEach(fixed, k * window)).toBe(limit)
      const sliding = admittedBy({ window: 'sliding' })
      for (let from = 0; from <= 3 * window; from++) expect(inEach(sliding, from)).toBe(limit)
    },
  )
})

describe('the article’s formula', () => {
  const perSecond = fc.integer({ min: 1, max: 40 })
  const perMinute = fc.integer({ min: 1, max: 3000 })

  /** Each second has one request more than its limit. */
  const inOneMinute = (who: Account, bears: number) =>
    Array.from({ length: 60 }, (_, second) => passed(who, second * 1000, bears + 1, { tokens: 1 })).reduce(
      (sum, each) => sum + each,
    )

  property.prop([perSecond, perMinute])('for requests in a minute: min(RPM, RPS × 60)', (rps, rpm) => {
    const who = accountOf({ limits: [requests(rps, 1000), requests(rpm)] })
    expect(inOneMinute(who, rps)).toBe(Math.min(rpm, rps * 60))
  })

  property.prop([perSecond, perMinute])('for tokens in a minute: min(TPM, TPS × 60)', (tps, tpm) => {
    const who = accountOf({ limits: [tokens(tps, 1000), tokens(tpm)] })
    expect(inOneMinute(who, tps)).toBe(Math.min(tpm, tps * 60))
  })
})

describe('workspaces', () => {
  test('count apart from each other and from the account, whatever characters names have', () => {
    const limited = (name: string, model: string) => ({ name, keys: ['k'], limits: { [model]: [requests(1)] } })
    const who = accountOf({
      models: { c: [], 'b/c': [], 'a/b/c': [requests(5)] },
      workspaces: [limited('a', 'b/c'), limited('a/b', 'c')],
    })
    expect(passed(who, 0, 10, { model: 'b/c', workspace: 'a' })).toBe(1)
    expect(passed(who, 0, 10, { model: 'c', workspace: 'a/b' })).toBe(1)
    expect(passed(who, 0, 10, { model: 'a/b/c' })).toBe(5)
  })

  const asked = fc.array(
    fc.record({ gap: gaps, tokens: fc.nat(30), workspace: fc.constantFrom(undefined, 'w1', 'w2', 'w3') }),
  )

  property.prop([anyLimits, anyLimits, anyLimits, asked])(
    'a key passes when both its workspace and the account, which counts all keys, have room',
    (whole, first, second, attempts) => {
      const limitsOf: Record<string, Limit[]> = { w1: first, w2: second }
      const workspaces = ['w1', 'w2', 'w3'].map((name) => {
        const own = limitsOf[name]
        return { name, keys: [name], limits: own ? { m: own } : {} }
      })
      const who = accountOf({ limits: whole, workspaces })
      const counted: (Charge & { readonly workspace: string | undefined })[] = []
      let now = 0
      for (const { gap, tokens, workspace } of attempts) {
        now += gap
        const cost = { at: now, requests: 1, tokens, workspace }
        const within = counted.filter((entry) => entry.workspace === workspace)
        const full = firstFull(within, limitsOf[workspace ?? ''] ?? [], cost) ?? firstFull(counted, whole, cost)
        const verdict = ask(who, now, { tokens, ...(workspace !== undefined && { workspace }) })
        expect(verdict).toBe(full?.rule ?? 'admitted')
        if (!full) counted.push(cost)
      }
    },
  )

  test('a workspace with a lower limit than the account denies its own keys first, and never the others', () => {
    const workspaces = [{ name: 'w', keys: ['k'], limits: { m: [requests(3)] } }]
    const who = accountOf({ limits: [requests(10)], workspaces })
    expect(passed(who, 0, 50, { workspace: 'w' })).toBe(3)
    expect(passed(who, 0, 50)).toBe(7)
    expect(passed(who, minute, 50)).toBe(10)
    expect(passed(who, minute, 50, { workspace: 'w' })).toBe(0)
  })

  test('a workspace limits the models that it names, the account the others', () => {
    const workspaces = [{ name: 'w', keys: ['k'], limits: { m: [requests(3)] } }]
    const who = accountOf({ limits: [requests(10)], models: { other: [requests(5)] }, workspaces })
    expect(passed(who, 0, 50, { workspace: 'w', model: 'other' })).toBe(5)
    expect(passed(who, 0, 50, { model: 'other' })).toBe(0)
  })

  test('an undeclared workspace has the account’s limits', () => {
    const who = accountOf({ limits: [requests(10)] })
    expect(passed(who, 0, 50, { workspace: 'stranger' })).toBe(10)
  })
})

describe('rejects', () => {
  const storm = (who: Account, model: string, workspace?: string) => {
    for (let now = 0; now < 5; now++) who.quota(model, workspace)!.chargeReject(now)
  }

  test('are charged to the limits on requests only', () => {
    const who = accountOf({
      limits: [requests(5), tokens(1)],
      models: { other: [requests(5)], free: [tokens(1)] },
    })
    storm(who, 'm')
    storm(who, 'free')
    expect(ask(who, 5, { tokens: 1 })).toBe('rpm')
    expect(ask(who, 5, { model: 'other' })).toBe('admitted')
    expect(ask(who, 5, { model: 'free', tokens: 1 })).toBe('admitted')
  })

  test('are not charged to the burst guard', () => {
    const switches: Partial<Switches> = { burstGuard: true, burstInterval: 1000, burstFloor: 0.06 }
    const who = accountOf({ limits: [requests(1000)], switches })
    storm(who, 'm')
    expect(passed(who, 5, 50)).toBe(1)
  })

  test('of a workspace’s key are charged to the workspace and to the account', () => {
    const limits = { m: [requests(5), tokens(1)] }
    const who = accountOf({ limits: [requests(6)], workspaces: [{ name: 'w', keys: ['k'], limits }] })
    storm(who, 'm', 'w')
    expect(passed(who, 5, 50, { workspace: 'w', tokens: 1 })).toBe(0)
    expect(passed(who, 5, 50)).toBe(1)
    const fresh = accountOf({ limits: [requests(6)], workspaces: [{ name: 'w', keys: ['k'], limits }] })
    storm(fresh, 'm')
    expect(passed(fresh, 5, 50, { workspace: 'w', tokens: 1 })).toBe(1)
  })
})

describe('scale', () => {
  test('changes every limit of the model at once, and keeps what is counted', () => {
    const who = accountOf({
      limits: [requests(10, 1000), requests(20), tokens(100)],
      models: { other: [requests(10)] },
    })
    expect(passed(who, 0, 50)).toBe(10)
    who.limitsOf('m')!.scale(3, 500)
    expect(passed(who, 500, 50)).toBe(20)
    expect(passed(who, 1500, 50)).toBe(30)
    expect(passed(who, 2500, 50)).toBe(0)
    expect(ask(who, minute + 500, { tokens: 300 })).toBe('admitted')
    expect(ask(who, minute + 500, { tokens: 1 })).toBe('tpm')
    expect(passed(who, 500, 50, { model: 'other' })).toBe(10)
  })

  test('changes only the limits on one unit when it names the unit', () => {
    const who = accountOf({ limits: [requests(10), tokens(100)] })
    who.limitsOf('m')!.scale(3, 0, 'tokens')
    who.limitsOf('m')!.scale(2, 0)
    expect(
      who
        .limitsOf('m')!
        .limits()
        .map(({ limit }) => limit),
    ).toEqual([20, 600])
  })

  test('multiplies factors without rounding in between', () => {
    const who = accountOf({ limits: [requests(3)] })
    for (const factor of [1.5, 1.5, 2]) who.limitsOf('m')!.scale(factor, 0)
    expect(passed(who, 0, 50)).toBe(14)
  })

  test('never gives a limit below 1', () => {
    const who = accountOf({ limits: [requests(3)] })
    who.limitsOf('m')!.scale(0.01, 0)
    expect(passed(who, 0, 50)).toBe(1)
  })

  test('does not change a workspace’s own limit', () => {
    const workspaces = [{ name: 'w', keys: ['k'], limits: { m: [requests(15)] } }]
    const who = accountOf({ limits: [requests(10)], workspaces })
    who.limitsOf('m')!.scale(2, 0)
    expect(passed(who, 0, 50, { workspace: 'w' })).toBe(15)
    expect(passed(who, 0, 50)).toBe(5)
  })

  test('refills an idle bucket at the old rate until the change, and at the new one after it', () => {
    const who = accountOf({ limits: [requests(60)], switches: { window: 'bucket' } })
    expect(passed(who, 0, 100)).toBe(60)
    who.limitsOf('m')!.scale(2, 30_000)
    // Of the 60 missing permits 30 are back, which leaves 120 − 30.
    expect(passed(who, 30_000, 200)).toBe(90)
    expect(passed(who, 40_000, 200)).toBe(20)
  })
})

describe('the burst guard', () => {
  /** The documented formula in whole numbers: ⌈share × rate of the tightest limit × interval⌉, with the share in thousandths. */
  function floorOf(limits: readonly Limit[], thousandths: number, interval: Millis): number {
    const rates = limits.map(({ limit, window }) => ({ over: BigInt(limit), under: BigInt(window) }))
    const tightest = rates.reduce((a, b) => (b.over * a.under < a.over * b.under ? b : a))
    const dividend = BigInt(thousandths) * tightest.over * BigInt(interval)
    const divisor = 1000n * tightest.under
    return Number((dividend + divisor - 1n) / divisor)
  }

  /** Whether the guard admits this amount in an interval that has begun. */
  function carries(who: Account, unit: Unit, amount: number): boolean {
    const { limiter } = who.quota('m')!
    const cost = (much: number) => ({ requests: 0, tokens: 0, [unit]: much })
    limiter.charge(cost(1), 0)
    return limiter.check(cost(amount - 1), 0)?.rule !== 'burst'
  }

  test.each([
    [0.07, requests(600), 10_000, 7],
    [0.07, requests(10, 1000), 60_000, 42],
    [0.2, tokens(1_000_000), 3000, 10_000],
    [0.3, tokens(1_000_000), 5000, 25_000],
    [0.2, requests(10, 1000), 5000, 10],
    // The floor is at least 1.
    [Number.MIN_VALUE, requests(10, 1000), 1, 1],
  ])(
    'the floor %d of %o over %i ms is %i, without rounding errors of the binary share',
    (burstFloor, limit, burstInterval, floor) => {
      const unit = unitOf(limit.rule)
      const guarded = () => {
        const who = accountOf({ limits: [limit], switches: { burstGuard: true, burstFloor, burstInterval } })
        who.limitsOf('m')!.scale(100, 0)
        return who
      }
      expect(carries(guarded(), unit, floor)).toBe(true)
      expect(carries(guarded(), unit, floor + 1)).toBe(false)
    },
  )

  const anyPairs = fc.array(
    fc.tuple(
      fc.constantFrom(1, 5, 10, 60, 100, 600, 7500, 100_000, 1_000_000),
      fc.constantFrom(1000, 5000, 6000, 30_000, minute),
    ),
    { minLength: 1, maxLength: 3 },
  )

  property.prop([
    fc.constantFrom<Unit>('requests', 'tokens'),
    anyPairs,
    fc.integer({ min: 1, max: 1000 }),
    fc.constantFrom(500, 1000, 3000, 5000, 10_000),
  ])(
    'after a silence an interval may carry the documented share of the tightest limit, and no more',
    (unit, pairs, thousandths, interval) => {
      const limits = pairs.map(([limit, window]) => (unit === 'requests' ? requests : tokens)(limit, window))
      const switches = { burstGuard: true, burstFloor: thousandths / 1000, burstInterval: interval }
      // Only the guard is asked, because the limits would deny before it.
      const ample = [unit === 'requests' ? requests(1e9, 1) : tokens(1e9, 1)]
      const guarded = () => {
        const who = accountOf({ limits: [...limits, ...ample], switches })
        who.limitsOf('m')!.scale(1e6, 0)
        return who
      }
      const floor = floorOf(limits, thousandths, interval)
      expect(carries(guarded(), unit, floor)).toBe(true)
      expect(carries(guarded(), unit, floor + 1)).toBe(false)
    },
  )

  test('exists for each unit that has a limit, and for no other', () => {
    const switches = { burstGuard: true }
    const ofRequests = accountOf({ limits: [requests(600)], switches })
    expect(carries(ofRequests, 'requests', 11)).toBe(false)
    expect(carries(accountOf({ limits: [requests(600)], switches }), 'tokens', 1e9)).toBe(true)
    expect(carries(accountOf({ limits: [tokens(600)], switches }), 'tokens', 11)).toBe(false)
    expect(carries(accountOf({ limits: [tokens(600)], switches }), 'requests', 1e9)).toBe(true)
  })

  test('is off when the switch is off', () => {
    const who = accountOf({ limits: [requests(600), tokens(600)], switches: { burstGuard: false } })
    expect(carries(who, 'requests', 600)).toBe(true)
    expect(carries(who, 'tokens', 599)).toBe(true)
  })

  test('has the growth, memory and interval of the switches', () => {
    const switches = { burstGuard: true, burstInterval: 100, burstFloor: 0.2, burstGrowth: 3, burstMemory: 200 }
    const who = accountOf({ limits: [requests(50_000, 1000)], switches: { ...switches } })
    who.limitsOf('m')!.scale(100, 0)
    const perInterval = [0, 100, 200, 300].map((now) => passed(who, now, 30_000))
    expect(perInterval).toEqual([1000, 3000, 9000, 27_000])
    // After two intervals of silence the guard remembers nothing.
    expect(passed(who, 500, 90_000)).toBe(81_000)
    expect(passed(who, 1300, 30_000)).toBe(1000)
  })

  test('is asked last: when a limit denies, too, the limit is named', () => {
    const who = accountOf({ limits: [requests(10)], switches: { burstGuard: true } })
    const { limiter } = who.quota('m')!
    expect(passed(who, 0, 1)).toBe(1)
    expect(ask(who, 0)).toBe('burst')
    for (let more = 0; more < 9; more++) limiter.charge({ requests: 1, tokens: 0 }, 0)
    expect(ask(who, 0)).toBe('rpm')
  })
})
