import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { Denial } from '../../../sim/limiters/limiter.ts'
import { intl } from '../../../sim/profiles/intl.ts'
import { tiers } from '../../../sim/profiles/row-parts.ts'
import type { Admission, Decision, DeniedDecision, Provider } from '../../../sim/provider/provider.ts'
import type { Call, Reply } from '../../../src/core/call.ts'
import type { Millis } from '../../../src/core/clock.ts'
import type { Limit } from '../../../src/core/limit.ts'
import type { AccountSpec } from '../../../src/scenario/accounts.ts'
import type { Switches } from '../../../src/scenario/switches.ts'
import {
  anyLimits,
  anyTokenCharge,
  anyWindow,
  ask,
  type Charge,
  callOf,
  callTo,
  firstFull,
  gaps,
  instants,
  inWindow,
  minute,
  profileOf,
  providerOf,
  type RigOptions,
  requests,
  rowOf,
  tokens,
  verdictOf,
} from '../rig.ts'

function admitted(decision: Decision): Admission {
  if (decision.kind !== 'admitted') throw new Error(`Expected an admission, got ${JSON.stringify(decision)}`)
  return decision.admission
}

/** The denial, with its wait as of now, and the reply. */
function denied(decision: Decision): Denial & { readonly reply: Reply } {
  if (decision.kind !== 'denied') throw new Error(`Expected a denial, got ${decision.kind}`)
  const { rule, retryAfter } = decision.denial
  return { rule, retryAfter, reply: decision.reply }
}

/** Admits a request and completes it at the same instant. Fails when the request is not admitted. */
function answer(provider: Provider, now: Millis, call: Call, output: number): number {
  return provider.complete(admitted(provider.admit(call, output, now)), now)
}

describe('limits belong to an account and a model', () => {
  /** One attempt. `complete` says whether it is completed before the next. */
  const anyAttempts = fc.array(
    fc.record({ gap: gaps, key: fc.nat(2), prompt: fc.nat(12), output: fc.nat(12), complete: fc.boolean() }),
    { maxLength: 60 },
  )
  const anySwitches: fc.Arbitrary<Partial<Switches>> = fc.record({
    window: anyWindow,
    tokenCharge: anyTokenCharge,
    rejectsCount: fc.boolean(),
    retryAfter: fc.constantFrom('none', 'exact', 'wrong'),
    burstGuard: fc.boolean(),
    burstInterval: fc.constantFrom(5, 20),
    burstFloor: fc.constantFrom(0.2, 0.5, 1),
  })

  /** All decisions of the provider on the attempts, as text. */
  function said(
    options: RigOptions,
    attempts: readonly {
      now: Millis
      key: string
      model?: string
      prompt: number
      output: number
      complete: boolean
    }[],
  ): string[] {
    const provider = providerOf(options)
    return attempts.map(({ now, key, model = 'm', prompt, output, complete }, id) => {
      const call = callTo({ key, model }, id, { promptTokens: prompt, maxTokens: 20 })
      const decision = provider.admit(call, output, now)
      if (decision.kind === 'denied') {
        const told = JSON.stringify(denied(decision))
        provider.reject(call, now)
        return told
      }
      if (decision.kind === 'refused') return JSON.stringify(decision)
      const { service, promptTokens, outputTokens } = decision.admission
      const money = complete ? provider.complete(decision.admission, now) : -1
      return JSON.stringify({ service, promptTokens, outputTokens, money })
    })
  }

  const three: AccountSpec = { name: 'a', keys: ['k0', 'k1', 'k2'], freeTokens: 100 }

  property.prop([anyLimits, anySwitches, anyAttempts])(
    'rotating the keys of one account does not change a byte',
    (limits, switches, attempts) => {
      const at = instants(attempts.map(({ gap }) => gap))
      const options = { limits, switches, accounts: [three] }
      const rotated = attempts.map(({ key, ...rest }, i) => ({ ...rest, now: at[i]!, key: `k${key}` }))
      const single = rotated.map((attempt) => ({ ...attempt, key: 'k0' }))
      expect(said(options, rotated)).toEqual(said(options, single))
    },
  )

  property.prop([anyLimits, anySwitches, anyAttempts])(
    'decisions on one account and model do not depend on the others',
    (limits, switches, attempts) => {
      const at = instants(attempts.map(({ gap }) => gap))
      const accounts = ['a', 'b'].map((name) => ({ ...three, name, keys: [name] }))
      const options = { limits, models: { other: limits }, switches, accounts }
      const places = [
        { key: 'a', model: 'm' },
        { key: 'b', model: 'm' },
        { key: 'a', model: 'other' },
      ]
      const mixed = attempts.map(({ key, ...rest }, i) => ({ ...rest, ...places[key]!, now: at[i]! }))
      const together = said(options, mixed)
      for (const { key, model } of places) {
        const mine = mixed.flatMap((attempt, i) => (attempt.key === key && attempt.model === model ? [i] : []))
        const alone = said(
          options,
          mine.map((i) => mixed[i]!),
        )
        expect(mine.map((i) => together[i])).toEqual(alone)
      }
    },
  )

  test('three keys of one account share its 10 requests a second; three accounts have 10 each', () => {
    const passing = (accounts: readonly AccountSpec[]) => {
      const provider = providerOf({ limits: [requests(10, 1000)], accounts })
      const keys = accounts.flatMap((spec) => spec.keys)
      return Array.from({ length: 90 }, (_, i) =>
        verdictOf(provider.admit(callTo({ key: keys[i % keys.length]! }), 0, 0)),
      ).filter((verdict) => verdict === 'admitted').length
    }
    expect(passing([{ name: 'a', keys: ['x', 'y', 'z'] }])).toBe(10)
    expect(passing(['x', 'y', 'z'].map((key) => ({ name: key, keys: [key] })))).toBe(30)
  })

  test('a snapshot and its model have separate limits', () => {
    const provider = providerOf({ profile: intl })
    const passing = (model: string) =>
      Array.from({ length: 50 }, () => verdictOf(provider.admit(callTo({ model }), 0, 0))).filter(
        (v) => v === 'admitted',
      )
    expect(passing('qwen3-max')).toHaveLength(10)
    expect(passing('qwen3-max-2025-09-23')).toHaveLength(1)
    expect(passing('qwen3-max-2026-01-23')).toHaveLength(10)
  })

  test('a workspace’s limit counts its keys, also when the account lists them, and no other keys', () => {
    const workspaces = [{ name: 'w', keys: ['kw', 'new'], limits: { m: [requests(2)] } }]
    const provider = providerOf({ limits: [requests(10)], accounts: [{ name: 'a', keys: ['k', 'kw'], workspaces }] })
    const passing = (key: string) =>
      Array.from({ length: 50 }, () => verdictOf(provider.admit(callTo({ key }), 0, 0))).filter((v) => v === 'admitted')
    expect(passing('kw')).toHaveLength(2)
    expect(passing('new')).toHaveLength(0)
    expect(passing('k')).toHaveLength(8)
  })

  test('output tokens of a workspace’s key count in the workspace and in the account', () => {
    const workspaces = [{ name: 'w', keys: ['kw'], limits: { m: [tokens(100)] } }]
    const provider = providerOf({ limits: [tokens(150)], accounts: [{ name: 'a', keys: ['k'], workspaces }] })
    answer(provider, 0, callTo({ key: 'kw' }), 90)
    expect(denied(provider.admit(callTo({ key: 'kw' }), 0, 0)).rule).toBe('tpm')
    expect(verdictOf(provider.admit(callTo({ key: 'k' }, 0, { promptTokens: 51 }), 0, 0))).toBe('tpm')
    expect(verdictOf(provider.admit(callTo({ key: 'k' }, 0, { promptTokens: 50 }), 0, 0))).toBe('admitted')
  })
})

describe('the switch `tokenCharge`', () => {
  /** The tokens that a request of 300 prompt and 200 output tokens, with `maxTokens` 400, counts at admission and on completion. */
  const counts: Record<Switches['tokenCharge'], { admitted: number; completed: number }> = {
    split: { admitted: 300, completed: 500 },
    admission: { admitted: 500, completed: 500 },
    reserve: { admitted: 700, completed: 500 },
    completion: { admitted: 0, completed: 500 },
  }

  /** The number of tokens, of 1000, that are left. */
  function room({ quota }: Admission, now: Millis): number {
    const fits = (amount: number) => quota.limiter.check({ requests: 0, tokens: amount }, now) === undefined
    return Array.from({ length: 1001 }, (_, amount) => amount).findLast(fits)!
  }

  test.each(Object.entries(counts) as [Switches['tokenCharge'], { admitted: number; completed: number }][])(
    '%s counts %o',
    (tokenCharge, { admitted: atAdmission, completed }) => {
      const provider = providerOf({ limits: [tokens(1000)], switches: { tokenCharge } })
      const admission = admitted(provider.admit(callOf(0, { promptTokens: 300, maxTokens: 400 }), 200, 0))
      expect(room(admission, 0)).toBe(1000 - atAdmission)
      provider.complete(admission, 200)
      expect(room(admission, 200)).toBe(1000 - completed)
    },
  )

  test('reserve keeps what was not used when the switch `refund` is off', () => {
    const provider = providerOf({ limits: [tokens(1000)], switches: { tokenCharge: 'reserve', refund: false } })
    const admission = admitted(provider.admit(callOf(0, { promptTokens: 300, maxTokens: 400 }), 200, 0))
    provider.complete(admission, 200)
    expect(room(admission, 200)).toBe(300)
  })

  test.each(['admission', 'reserve'] as const)('%s gives back the output that a cut answer lacks', (tokenCharge) => {
    const provider = providerOf({ limits: [tokens(1000)], switches: { tokenCharge } })
    const admission = admitted(provider.admit(callOf(0, { promptTokens: 300, maxTokens: 400 }), 200, 0))
    provider.complete(admission, 50, 7)
    expect(room(admission, 50)).toBe(1000 - 307)
    // It is given back at the instant of the admission, so that nothing is left of it when that has left the window.
    expect(room(admission, minute)).toBe(1000)
  })

  test('split: completions may exceed the window’s limit, and then nothing passes until there is room again', () => {
    const provider = providerOf({ limits: [tokens(1000)], switches: { tokenCharge: 'split' } })
    const prompt = { promptTokens: 400 }
    const first = admitted(provider.admit(callOf(0, prompt), 300, 0))
    const second = admitted(provider.admit(callOf(1, prompt), 300, 10))
    provider.complete(first, 300)
    provider.complete(second, 310)
    // The window holds 1400 of 1000 tokens, so both prompts must leave it first.
    expect(ask(provider, 310, { promptTokens: 1 })).toBe('tpm')
    expect(ask(provider, minute - 1, { promptTokens: 1 })).toBe('tpm')
    expect(ask(provider, minute, { promptTokens: 1 })).toBe('tpm')
    expect(ask(provider, minute + 9, { promptTokens: 1 })).toBe('tpm')
    expect(ask(provider, minute + 10, { promptTokens: 401 })).toBe('tpm')
    expect(ask(provider, minute + 10, { promptTokens: 400 })).toBe('admitted')
  })

  test('completion: requests in flight do not count, but a full window admits no request', () => {
    const provider = providerOf({ limits: [tokens(1000)], switches: { tokenCharge: 'completion' } })
    const huge = { promptTokens: 5000 }
    const admissions = [0, 1, 2].map((id) => admitted(provider.admit(callOf(id, huge), 500, 0)))
    for (const admission of admissions) provider.complete(admission, 500)
    const { rule, retryAfter } = denied(provider.admit(callOf(3, { promptTokens: 1 }), 0, 500))
    expect([rule, retryAfter]).toEqual(['tpm', minute])
    expect(ask(provider, 500 + minute, huge)).toBe('admitted')
  })

  test.each(['split', 'completion'] as const)('%s: a full window denies even an empty prompt', (tokenCharge) => {
    const provider = providerOf({ limits: [tokens(100)], switches: { tokenCharge } })
    answer(provider, 0, callOf(0, { promptTokens: 40 }), 60)
    expect(ask(provider, 0, { promptTokens: 0 })).toBe('tpm')
  })

  test('the output is cut at `maxTokens`', () => {
    const provider = providerOf({ limits: [tokens(1000)] })
    const cut = admitted(provider.admit(callOf(0, { maxTokens: 50 }), 80, 0))
    expect([cut.outputTokens, cut.service.total]).toEqual([50, 50])
    const whole = admitted(provider.admit(callOf(1, { maxTokens: 50 }), 30, 0))
    expect([whole.outputTokens, whole.service.total]).toEqual([30, 30])
  })

  test('a prompt beyond the whole limit never passes, and its 429 has no Retry-After', () => {
    const provider = providerOf({ limits: [tokens(1000)], switches: { retryAfter: 'exact' } })
    const { rule, retryAfter, reply } = denied(provider.admit(callOf(0, { promptTokens: 1001 }), 0, 0))
    expect([rule, retryAfter]).toEqual(['tpm', Infinity])
    expect(reply).not.toHaveProperty('retryAfter')
  })

  const anySteps = fc.array(
    fc.record({
      gap: gaps,
      prompt: fc.nat(30),
      output: fc.nat(30),
      act: fc.constantFrom('admit', 'admit', 'complete'),
    }),
    { maxLength: 60 },
  )

  property.prop([anyTokenCharge, fc.boolean(), anyLimits, anySteps])(
    'in every mode each decision is that of a plain sum over the window',
    (tokenCharge, refund, limits, steps) => {
      const provider = providerOf({ limits, switches: { tokenCharge, refund } })
      const maxTokens = 25
      const charges: Charge[] = []
      const underWay: { readonly admission: Admission; readonly charge: number }[] = []
      let now = 0
      for (const [id, { gap, prompt, output, act }] of steps.entries()) {
        now += gap
        if (act === 'complete') {
          const done = underWay.shift()
          if (!done) continue
          const { admission, charge } = done
          provider.complete(admission, now)
          if (tokenCharge === 'reserve' && refund)
            charges[charge] = { ...charges[charge]!, tokens: admission.promptTokens + admission.outputTokens }
          const late = { split: 0, admission: undefined, reserve: undefined, completion: admission.promptTokens }[
            tokenCharge
          ]
          if (late !== undefined) charges.push({ at: now, requests: 0, tokens: late + admission.outputTokens })
          continue
        }
        const answered = Math.min(output, maxTokens)
        const early = { split: prompt, admission: prompt + answered, reserve: prompt + maxTokens, completion: 0 }[
          tokenCharge
        ]
        const full = firstFull(charges, limits, { at: now, requests: 1, tokens: Math.max(1, early) })
        const decision = provider.admit(callOf(id, { promptTokens: prompt, maxTokens }), output, now)
        expect(verdictOf(decision)).toBe(full?.rule ?? 'admitted')
        if (decision.kind !== 'admitted') continue
        charges.push({ at: now, requests: 1, tokens: early })
        underWay.push({ admission: decision.admission, charge: charges.length - 1 })
        const upFront = tokenCharge === 'admission' || tokenCharge === 'reserve'
        if (upFront && early > 0)
          for (const limit of limits) expect(inWindow(charges, limit, now)).toBeLessThanOrEqual(limit.limit)
      }
    },
  )
})

describe('the switch `rejectsCount`', () => {
  /** The instants of attempts without a pause: every trailing window holds more attempts than its limit. */
  const anyStorm = fc.record({
    limit: fc.integer({ min: 1, max: 8 }),
    window: fc.integer({ min: 10, max: 60 }),
    shares: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 50, maxLength: 150 }),
  })

  /** Gaps of which each `limit` in a row add up to less than a window, so that attempts are always faster than the limit. */
  function stormOf({ limit, window, shares }: { limit: number; window: Millis; shares: readonly number[] }): Millis[] {
    const longest = Math.ceil(window / limit) - 1
    return instants(shares.map((share) => Math.floor(share * (longest + 1))))
  }

  function admittedIn(storm: readonly Millis[], limits: readonly Limit[], switches: Partial<Switches>): Millis[] {
    const provider = providerOf({ limits, switches })
    return storm.filter((now) => {
      const decision = provider.admit(callOf(0), 0, now)
      if (decision.kind === 'denied') provider.reject(callOf(0), now)
      return decision.kind === 'admitted'
    })
  }

  property.prop([anyStorm])(
    'on: attempts that are always above the limit are all denied after the first window',
    (shape) => {
      const storm = stormOf(shape)
      const limits: Limit[] = [{ rule: 'rpm', limit: shape.limit, window: shape.window }]
      // The first `limit` attempts find an empty window. After them the rejects keep it full.
      expect(admittedIn(storm, limits, { rejectsCount: true })).toEqual(storm.slice(0, shape.limit))
    },
  )

  property.prop([anyStorm])('off: of the same attempts the window admits as many as it has room for', (shape) => {
    const storm = stormOf(shape)
    const limits: Limit[] = [{ rule: 'rpm', limit: shape.limit, window: shape.window }]
    const model: Charge[] = []
    for (const at of storm) {
      const cost = { at, requests: 1, tokens: 0 }
      if (!firstFull(model, limits, cost)) model.push(cost)
    }
    expect(admittedIn(storm, limits, { rejectsCount: false })).toEqual(model.map(({ at }) => at))
  })

  test('qwen3-max, 11 attempts a second for ten minutes: 10 admitted, or 6,000', () => {
    const storm = Array.from({ length: 6600 }, (_, i) => Math.floor((i * 1000) / 11))
    const { limits } = intl.models['qwen3-max']!
    expect(admittedIn(storm, limits, { rejectsCount: true })).toEqual(storm.slice(0, 10))
    expect(admittedIn(storm, limits, { rejectsCount: false })).toHaveLength(6000)
  })

  test('on: after such attempts a request passes when enough of them have left the window', () => {
    const limits = [requests(2)]
    const provider = providerOf({ limits, switches: { rejectsCount: true } })
    for (let now = 0; now < 100; now += 10) {
      if (provider.admit(callOf(0), 0, now).kind === 'denied') provider.reject(callOf(0), now)
    }
    const { retryAfter } = denied(provider.admit(callOf(0), 0, 90))
    // The rejects at 80 and 90 fill the window of two. The one at 80 must leave it.
    expect(retryAfter).toBe(minute - 10)
  })

  test('on: a token denial counts as a request, not as tokens', () => {
    const provider = providerOf({ limits: [requests(3), tokens(100)], switches: { rejectsCount: true } })
    for (let i = 0; i < 3; i++) {
      expect(ask(provider, 0, { promptTokens: 101 })).toBe('tpm')
      provider.reject(callOf(0), 0)
    }
    expect(ask(provider, 0, { promptTokens: 1 })).toBe('rpm')
    expect(ask(provider, minute, { promptTokens: 100 })).toBe('admitted')
  })

  test('on: an unknown key or model is not charged', () => {
    const provider = providerOf({ limits: [requests(1)], switches: { rejectsCount: true } })
    provider.reject(callTo({ key: 'stranger' }), 0)
    provider.reject(callTo({ model: 'stranger' }), 0)
    expect(ask(provider, 0)).toBe('admitted')
  })
})

describe('the switch `retryAfter`', () => {
  const denial = (retryAfter: Switches['retryAfter'], gap: Millis) => {
    const provider = providerOf({ limits: [requests(1)], switches: { retryAfter } })
    ask(provider, 0)
    return denied(provider.admit(callOf(1), 0, gap)).reply
  }

  test('none: the reply has no such field, and all replies are the same object', () => {
    expect(denial('none', 1)).not.toHaveProperty('retryAfter')
    const provider = providerOf({ limits: [requests(1)] })
    ask(provider, 0)
    expect(denied(provider.admit(callOf(1), 0, 1)).reply).toBe(denied(provider.admit(callOf(2), 0, 2)).reply)
  })

  test('exact: the reply has the exact wait', () => {
    expect(denial('exact', 1)).toMatchObject({ kind: 'throttled', cause: 'requests', retryAfter: minute - 1 })
  })

  test('wrong: the reply has half of the exact wait, rounded down', () => {
    expect(denial('wrong', 1)).toMatchObject({ retryAfter: 29_999 })
    expect(denial('wrong', minute - 1)).toMatchObject({ retryAfter: 0 })
  })

  test('a denial at the end of the free quota has no advice', () => {
    for (const retryAfter of ['exact', 'wrong'] as const) {
      const provider = providerOf({ accounts: [{ name: 'a', keys: ['k'], payable: false }], switches: { retryAfter } })
      const decision = denied(provider.admit(callOf(0), 0, 0))
      expect([decision.rule, decision.retryAfter]).toEqual(['free', Infinity])
      expect(decision.reply).toMatchObject({ kind: 'throttled', cause: 'quota' })
      expect(decision.reply).not.toHaveProperty('retryAfter')
    }
  })

  const anyTraffic = fc.array(fc.record({ gap: gaps, prompt: fc.nat(15), output: fc.nat(15) }), {
    minLength: 1,
    maxLength: 40,
  })

  property.prop([anyWindow, anyTokenCharge, fc.boolean(), anyLimits, anyTraffic, fc.integer({ min: 1, max: 10 })])(
    'a request after exactly the advised wait is admitted, and one a millisecond earlier is not',
    (window, tokenCharge, burstGuard, limits, traffic, prompt) => {
      const guard = { burstGuard, burstInterval: 7, burstFloor: 0.3, burstMemory: 20 }
      const switches = { window, tokenCharge, retryAfter: 'exact', ...guard } as const
      const [early, punctual] = [providerOf({ limits, switches }), providerOf({ limits, switches })]
      const at = instants(traffic.map(({ gap }) => gap))
      const now = at.at(-1)!
      for (const provider of [early, punctual]) {
        for (const [i, { prompt, output }] of traffic.entries()) {
          const decision = provider.admit(callOf(i, { promptTokens: prompt, maxTokens: 15 }), output, at[i]!)
          if (decision.kind === 'admitted') provider.complete(decision.admission, at[i]!)
        }
      }
      const next = callOf(99, { promptTokens: prompt, maxTokens: 10 })
      const first = punctual.admit(next, 10, now)
      if (first.kind !== 'denied' || first.reply.kind !== 'throttled') return
      const { retryAfter } = first.reply
      expect(early.admit(next, 10, now + retryAfter! - 1).kind).toBe('denied')
      expect(punctual.admit(next, 10, now + retryAfter!).kind).toBe('admitted')
    },
  )
})

describe('the switch `inFlightLimit`', () => {
  const switches = { inFlightLimit: 2, retryAfter: 'exact' } as const

  test('limits the requests in flight, and tells when the first of them ends', () => {
    const provider = providerOf({ switches })
    for (const output of [500, 300]) expect(ask(provider, 0, {}, output)).toBe('admitted')
    expect(provider.admit(callOf(1), 0, 100)).toMatchObject({
      denial: { rule: 'concurrency', retryAfter: 200 },
      rules: ['concurrency'],
      reply: { kind: 'throttled', cause: 'tokens', retryAfter: 200 },
    })
    expect(ask(provider, 299)).toBe('concurrency')
    expect(ask(provider, 300)).toBe('admitted')
  })

  test('lets a request pass when another ends early, once', () => {
    const provider = providerOf({ switches })
    const [first] = [provider.admit(callOf(0), 500, 0), provider.admit(callOf(1), 500, 0)]
    if (first?.kind !== 'admitted') throw new Error('not admitted')
    provider.complete(first.admission, 100, 7)
    expect([ask(provider, 100, {}, 500), ask(provider, 100, {}, 500)]).toEqual(['admitted', 'concurrency'])
  })

  test('holds for an account and a model, in all its workspaces together', () => {
    const accounts = [
      { name: 'a', keys: ['k'], workspaces: [{ name: 'w', keys: ['kw'], limits: {} }] },
      { name: 'b', keys: ['kb'] },
    ]
    const provider = providerOf({ switches: { inFlightLimit: 1 }, accounts, models: { n: [] } })
    const to = (key: string, model = 'm') => ask(provider, 0, callTo({ key, model }), 500)
    expect([to('k'), to('kw'), to('kb'), to('k', 'n')]).toEqual(['admitted', 'concurrency', 'admitted', 'admitted'])
  })

  test('does not hold a request for the burst guard that it denies, too', () => {
    const provider = providerOf({
      limits: [requests(6)],
      switches: { inFlightLimit: 1, burstGuard: true, burstFloor: 1 },
    })
    ask(provider, 0, {}, 500)
    expect(provider.admit(callOf(1), 0, 0)).toMatchObject({ rules: ['burst', 'concurrency'] })
  })
})

describe('the switch `causes`', () => {
  test.each([
    ['told', 'requests'],
    ['hidden', undefined],
  ] as const)('%s', (causes, cause) => {
    const provider = providerOf({ limits: [requests(1)], switches: { causes, retryAfter: 'exact' } })
    ask(provider, 0)
    const { denial, reply } = provider.admit(callOf(1), 0, 0) as DeniedDecision
    expect([denial.rule, reply]).toEqual([
      'rpm',
      { kind: 'throttled', retryAfter: minute, body: expect.anything(), cause },
    ])
  })
})

describe('a refusal', () => {
  const spec = (options: Partial<AccountSpec>): readonly AccountSpec[] => [{ name: 'a', keys: ['k'], ...options }]
  const replyOf = (decision: Decision): Reply | undefined => (decision.kind === 'admitted' ? undefined : decision.reply)

  test.each<[string, Partial<AccountSpec>, Partial<Call['target']>, object]>([
    ['an unknown key', {}, { key: 'x' }, { kind: 'failed', status: 401, code: 'invalid_api_key' }],
    ['an unknown model', {}, { model: 'x' }, { kind: 'failed', status: 404, code: 'model_not_found' }],
    ['arrears', { arrears: true }, {}, { kind: 'failed', status: 400, code: 'Arrearage' }],
    ['arrears, free quota or not', { arrears: true, freeTokens: 9 }, {}, { kind: 'failed', status: 400 }],
    ['the stop switch', { stopWhenFreeIsUsed: true }, {}, { status: 403, code: 'AllocationQuota.FreeTierOnly' }],
    ['nobody to bill', { payable: false }, {}, { kind: 'throttled', cause: 'quota' }],
    // The following rows fix the order of the checks.
    ['an unknown key before an unknown model', {}, { key: 'x', model: 'x' }, { status: 401 }],
    ['an unknown model before arrears', { arrears: true }, { model: 'x' }, { status: 404 }],
    ['arrears before the stop switch', { arrears: true, stopWhenFreeIsUsed: true }, {}, { status: 400 }],
    ['the stop switch before the 429', { stopWhenFreeIsUsed: true, payable: false }, {}, { status: 403 }],
  ])('%s', (_, options, to, reply) => {
    const provider = providerOf({ accounts: spec(options) })
    const decision = provider.admit(callTo(to), 0, 0)
    expect(decision.kind).toBe('cause' in reply ? 'denied' : 'refused')
    expect(replyOf(decision)).toMatchObject(reply)
    if (decision.kind === 'refused') expect(replyOf(decision)).toMatchObject({ retryable: false })
  })

  test('is the reply to keys and models that are names of the prototype', () => {
    const provider = providerOf()
    expect(replyOf(provider.admit(callTo({ key: 'constructor' }), 0, 0))).toMatchObject({ status: 401 })
    expect(replyOf(provider.admit(callTo({ model: 'constructor' }), 0, 0))).toMatchObject({ status: 404 })
  })

  test('names an unknown model', () => {
    const reply = replyOf(providerOf().admit(callTo({ model: 'qwen-9' }), 0, 0))
    expect(reply).toMatchObject({ body: { error: { message: expect.stringContaining('`qwen-9`') } } })
  })

  test('uses up no limit', () => {
    const provider = providerOf({
      limits: [requests(1)],
      accounts: [{ name: 'a', keys: ['k'], freeTokens: 10, stopWhenFreeIsUsed: true }],
    })
    for (let i = 0; i < 5; i++) provider.admit(callTo({ key: 'x' }), 0, 0)
    expect(ask(provider, 0)).toBe('admitted')
  })

  describe('the free quota', () => {
    const limits = [requests(1000)]

    test('is reduced by prompt and output; after it the account is billed, and replies do not change', () => {
      const provider = providerOf({ limits, accounts: spec({ freeTokens: 100 }) })
      const call = callOf(0, { promptTokens: 30 })
      expect(answer(provider, 0, call, 20)).toBe(0)
      // 50 tokens are left. Of these 30 + 45 tokens 25 exceed the free quota, which is a third.
      expect(answer(provider, 0, call, 45)).toBeCloseTo((30 * 1 + 45 * 3) / 3 / 1e6, 15)
      expect(answer(provider, 0, call, 20)).toBeCloseTo((30 * 1 + 20 * 3) / 1e6, 15)
    })

    test.each([
      [{ stopWhenFreeIsUsed: true }, { status: 403 }],
      [{ payable: false }, { cause: 'quota' }],
    ])('%o: requests are admitted until it is used up, and nothing is billed', (options, reply) => {
      const provider = providerOf({ limits, accounts: spec({ freeTokens: 100, ...options }) })
      const call = callOf(0, { promptTokens: 30 })
      expect(answer(provider, 0, call, 20)).toBe(0)
      expect(answer(provider, 0, call, 45)).toBe(0)
      expect(replyOf(provider.admit(call, 0, 0))).toMatchObject(reply)
    })

    test('is counted when a reply is complete, so requests in flight may exceed it', () => {
      const provider = providerOf({ limits, accounts: spec({ freeTokens: 1, stopWhenFreeIsUsed: true }) })
      const [first, second] = [0, 1].map((id) => admitted(provider.admit(callOf(id), 5, 0)))
      expect(provider.complete(first!, 5)).toBe(0)
      expect(verdictOf(provider.admit(callOf(2), 5, 5))).toBe('refused')
      expect(provider.complete(second!, 5)).toBe(0)
    })

    test('belongs to the account with all its keys, and is separate for each model', () => {
      const provider = providerOf({
        limits,
        models: { other: limits },
        accounts: [{ name: 'a', keys: ['k', 'k2'], freeTokens: 10, payable: false }],
      })
      answer(provider, 0, callTo({ key: 'k' }), 0)
      expect(verdictOf(provider.admit(callTo({ key: 'k2' }), 0, 0))).toBe('free')
      answer(provider, 0, callTo({ key: 'k2', model: 'other' }), 0)
      expect(verdictOf(provider.admit(callTo({ key: 'k', model: 'other' }), 0, 0))).toBe('free')
    })
  })

  test.each([
    [1000, 1.2, 6],
    [32_000, 1.2, 6],
    [32_001, 2.4, 12],
    [128_001, 3, 15],
  ])(
    'a reply to a prompt of %i tokens is charged at its tier, $%d and $%d a million',
    (promptTokens, input, output) => {
      const provider = providerOf({ profile: intl })
      const call = callTo({ model: 'qwen3-max' }, 0, { promptTokens })
      expect(answer(provider, 0, call, 500)).toBeCloseTo((promptTokens * input + 500 * output) / 1e6, 12)
    },
  )

  test('each model has its own price', () => {
    const profile = {
      ...profileOf({}),
      models: { cheap: rowOf([], tiers([1, 1, 2])), dear: rowOf([], tiers([1, 10, 20])) },
    }
    const provider = providerOf({ profile })
    expect(answer(provider, 0, callTo({ model: 'cheap' }), 10)).toBeCloseTo(30 / 1e6, 15)
    expect(answer(provider, 0, callTo({ model: 'dear' }), 10)).toBeCloseTo(300 / 1e6, 15)
  })
})

describe('the switch `burstGuard`', () => {
  const passing = (burstGuard: boolean) => {
    const provider = providerOf({ profile: intl, switches: { burstGuard } })
    const verdicts = Array.from({ length: 100 }, (_, i) =>
      verdictOf(provider.admit(callTo({ model: 'qwen3-max' }), 0, 100 * i)),
    )
    return Map.groupBy(verdicts, (verdict) => verdict)
  }

  test('off: 10 requests a second pass for ten seconds', () => {
    expect(passing(false).get('admitted')).toHaveLength(100)
  })

  test('on: 10 requests pass in the first five seconds, and twice as many in each following interval', () => {
    const verdicts = passing(true)
    expect(verdicts.get('admitted')).toHaveLength(30)
    expect(verdicts.get('burst')).toHaveLength(70)
  })

  test('tokens are guarded, too, and output counts when it is complete', () => {
    const provider = providerOf({ limits: [tokens(60_000)], switches: { burstGuard: true } })
    // The floor is a fifth of the limit over five seconds, which is 1000 tokens.
    expect(ask(provider, 0, { promptTokens: 600 })).toBe('admitted')
    expect(ask(provider, 0, { promptTokens: 401 })).toBe('burst')
    answer(provider, 0, callOf(0, { promptTokens: 10 }), 390)
    expect(ask(provider, 0, { promptTokens: 1 })).toBe('burst')
    expect(ask(provider, 5000, { promptTokens: 2000 })).toBe('admitted')
    expect(ask(provider, 5000, { promptTokens: 1 })).toBe('burst')
  })

  test('its denial has the cause `burst`, and advises the next interval', () => {
    const provider = providerOf({ profile: intl, switches: { burstGuard: true, retryAfter: 'exact' } })
    for (let i = 0; i < 10; i++) ask(provider, 0, callTo({ model: 'qwen3-max' }))
    const decision = denied(provider.admit(callTo({ model: 'qwen3-max' }), 0, 1500))
    expect(decision.reply).toMatchObject({ kind: 'throttled', cause: 'burst', retryAfter: 3500 })
  })
})

describe('service times', () => {
  const slow: Partial<Switches> = { firstToken: 600, tokensPerSecond: 60, latencySpread: 0.25 }

  property.prop([fc.nat(1000), fc.nat(5000), fc.array(fc.tuple(fc.nat(1000), fc.nat(5000)))])(
    'depend on the seed and the call alone, and are those that the optimum uses',
    (id, output, others) => {
      const provider = providerOf({ switches: slow, seed: 7 })
      const busy = providerOf({
        switches: slow,
        seed: 7,
        models: { other: [] },
        accounts: [{ name: 'b', keys: ['kb'] }],
      })
      for (const [other, length] of others) busy.admit(callTo({ key: 'kb', model: 'other' }, other), length, 0)
      const total = provider.service(id, output).total
      expect(admitted(provider.admit(callOf(id), output, 5)).service.total).toBe(total)
      expect(admitted(busy.admit(callTo({ key: 'kb', model: 'other' }, id), output, 9)).service.total).toBe(total)
      expect(busy.service(id, output).total).toBe(total)
    },
  )

  test('differ between seeds', () => {
    const [one, two] = [1, 2].map((seed) => providerOf({ switches: slow, seed }))
    const times = (provider: Provider) => Array.from({ length: 50 }, (_, id) => provider.service(id, 100).total)
    expect(times(one!)).not.toEqual(times(two!))
  })
})

describe('scale', () => {
  test('raises the limits of one account and model, at once', () => {
    const accounts = ['a', 'b'].map((name) => ({ name, keys: [name] }))
    const provider = providerOf({ limits: [requests(10)], models: { other: [requests(10)] }, accounts })
    const passing = (key: string, model: string) =>
      Array.from({ length: 50 }, () => verdictOf(provider.admit(callTo({ key, model }), 0, 0))).filter(
        (v) => v === 'admitted',
      )
    expect(passing('a', 'm')).toHaveLength(10)
    provider.scale('a', 'm', 3, 0)
    expect(passing('a', 'm')).toHaveLength(20)
    expect(passing('b', 'm')).toHaveLength(10)
    expect(passing('a', 'other')).toHaveLength(10)
  })

  test('ignores an unknown account or model', () => {
    const provider = providerOf({ limits: [requests(10)] })
    expect(() => provider.scale('x', 'm', 2, 0)).not.toThrow()
    expect(() => provider.scale('a', 'x', 2, 0)).not.toThrow()
  })
})
