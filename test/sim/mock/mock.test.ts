import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test, vi } from 'vitest'
import { journalEntry } from '../../../sim/control/journal-entry.ts'
import { errorNames, errorTable } from '../../../sim/errors/error-table.ts'
import { mock } from '../../../sim/mock/mock.ts'
import type { MockSetup } from '../../../sim/setup/mock-setup.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Answer } from '../../../sim/wire/exchange.ts'
import type { RequestRecord } from '../../../sim/wire/request-record.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { type Limit, unitOf } from '../../../src/core/limit.ts'
import type { Switches } from '../../../src/scenario/switches.ts'
import { chat, key, type Lab, lab, read } from '../mock-rig.ts'
import { anyLimits, type Charge, calm, gaps, instants, inWindow, requests, tokens } from '../rig.ts'

const statusOf = (answer: Answer) => (answer.kind === 'hang-up' ? 0 : answer.status)

/** Sends requests one after the other, reads each reply to its end, and returns the statuses. */
async function statuses(made: Lab, count: number): Promise<number[]> {
  const found: number[] = []
  for (let i = 0; i < count; i++) found.push(statusOf((await made.clock.run(read(made))).answer))
  return found
}

const levelsOf = ({ mock, clock }: Lab) => mock.provider.accounts.get('a')!.quota('m')!.levels(clock.now())
const prompt = ({ mock }: Lab) => mock.journal.entries()[0]!.promptTokens!

test('a wrong setup gives one error with all problems and their paths', () => {
  const wrong = {
    limits: { 'qwen-plus': [{ rule: 'rpm', limit: -1, window: 60_000 }] },
    switches: { windw: 'fixed' },
    faults: [{ when: 'sometimes', do: { capacity: true } }],
  }
  const made = () => mock({ timeline: virtualClock(), ...(wrong as object) })
  expect(made).toThrow(RangeError)
  for (const part of [
    /`options\.limits\["qwen-plus"\]\[0\]\.limit`/,
    /did you mean window/,
    /`options\.faults\[0\]\.when`/,
  ])
    expect(made).toThrow(part)
})

describe('limits', () => {
  test('replace those of the profile’s models, and add models that the profile does not have', async () => {
    const { mock } = lab({ limits: { mine: [requests(1)], 'qwen-plus': [tokens(7)] } })
    const { models } = mock.profile
    expect(models.mine).toMatchObject({ limits: [requests(1)], freeTokens: 0, confidence: 'L' })
    expect(models.mine!.source).toContain('set by the user')
    expect(models['qwen-plus']).toMatchObject({ limits: [tokens(7)], freeTokens: 1_000_000 })
    expect(models['qwen-plus']!.source).toMatch(/^limits: set by the user; else .*model-pricing/)
    expect(models['qwen3-max']!.limits).toHaveLength(3)
  })
})

describe('a client that hangs up', () => {
  test('is charged for the output so far, and is no longer in flight', async () => {
    const made = lab({ limits: { m: [tokens(1000)] }, switches: { firstToken: 10, tokensPerSecond: 1000 } })
    const handling = made.mock.handle(chat({ stream: true }))
    await made.clock.run(made.clock.sleep(13))
    expect(made.mock.inFlight).toBe(1)
    handling.hangUp()
    expect(made.mock.inFlight).toBe(0)
    const [record] = made.mock.journal.entries()
    const said = record!.outputTokens!
    expect(said).toBeGreaterThan(0)
    expect(said).toBeLessThan(10)
    expect(record).toMatchObject({ end: 'left', endedAt: 13, verdict: 'admitted' })
    expect(levelsOf(made)).toMatchObject([{ used: prompt(made) + said }])
    const ended: RequestRecord[] = []
    made.mock.watch((each) => ended.push(each))
    handling.hangUp()
    await made.clock.run(made.clock.sleep(1000))
    expect(ended).toEqual([])
    expect(levelsOf(made)).toMatchObject([{ used: prompt(made) + said }])
  })

  test('receives nothing more', async () => {
    const made = lab({ switches: { firstToken: 10 } })
    const handling = made.mock.handle(chat({ stream: true }))
    const pieces: Millis[] = []
    handling.answer.then((answer) => {
      if (answer.kind !== 'stream') throw new Error('no stream')
      const note = () => pieces.push(made.clock.now())
      answer.start({ write: note, end: note, break: note })
    })
    await made.clock.run(made.clock.sleep(12))
    handling.hangUp()
    const heard = pieces.length
    expect(heard).toBeGreaterThan(0)
    await made.clock.run(made.clock.sleep(1000))
    expect(pieces).toHaveLength(heard)
  })

  test('no longer waits for the burst guard, and is charged nothing', async () => {
    const switches = { burstGuard: true, burstInterval: 1000, burstFloor: 1, burstGrowth: 1.001 }
    const made = lab({ limits: { m: [requests(60)] }, switches })
    const headers = { 'x-dashscope-wait-timeout': '5' }
    made.mock.handle(chat())
    const waits = made.mock.handle(chat({ headers }))
    const stays = read(made, { headers })
    await made.clock.run(made.clock.sleep(500))
    expect(made.mock.inFlight).toBe(2)
    waits.hangUp()
    expect((await made.clock.run(stays)).answer).toMatchObject({ status: 200 })
    const [, left, stayed] = made.mock.journal.entries()
    expect(left).toMatchObject({ end: 'left', endedAt: 500 })
    expect(left!.verdict).toBeUndefined()
    expect(stayed).toMatchObject({ verdict: 'admitted', decidedAt: 1000 })
    expect(levelsOf(made)[0]).toMatchObject({ used: 2 })
  })

  test('is no longer held by a fault', async () => {
    const made = lab({ faults: [{ when: 'always', do: { delay: 100, error: 'internal' } }] })
    const handling = made.mock.handle(chat())
    await made.clock.run(made.clock.sleep(50))
    handling.hangUp()
    await made.clock.run(made.clock.sleep(100))
    const [record] = made.mock.journal.entries()
    expect(record).toMatchObject({ end: 'left', endedAt: 50 })
    expect(record!.error).toBeUndefined()
  })
})

describe('denials', () => {
  test('of the burst guard give their numbers', async () => {
    const switches = { burstGuard: true, burstInterval: 1000, burstFloor: 1 }
    const made = lab({ limits: { m: [requests(120)] }, switches })
    for (let i = 0; i < 3; i++) made.mock.handle(chat())
    expect(made.mock.journal.entries().at(-1)!.denial).toEqual({
      rule: 'burst',
      rules: ['burst'],
      level: { unit: 'requests', limit: 2, window: 1000, used: 2 },
      asked: 1,
      admitsAt: 1000,
    })
  })

  test('give the instant at which the same request would pass, also when rejects count', async () => {
    const made = lab({ limits: { m: [requests(2, 100)] }, switches: { rejectsCount: true } })
    const askAt = async (at: Millis) => {
      await made.clock.run(made.clock.sleep(at - made.clock.now()))
      made.mock.handle(chat())
      return made.mock.journal.entries().at(-1)!
    }
    await askAt(0)
    await askAt(10)
    // The request that was denied at 20 stays in the window until 120. At 110 it is the only one left.
    expect((await askAt(20)).denial).toMatchObject({ level: { used: 3 }, admitsAt: 110 })
    expect((await askAt(110)).verdict).toBe('admitted')
  })

  test('by the limit on requests in flight count the rejected request in the windows, too', async () => {
    const made = lab({ limits: { m: [requests(2, 60_000)] }, switches: { rejectsCount: true, inFlightLimit: 1 } })
    made.mock.handle(chat())
    made.mock.handle(chat())
    const { denial } = made.mock.journal.entries().at(-1)!
    expect(denial).toEqual({
      rule: 'concurrency',
      rules: ['concurrency'],
      level: { unit: 'requests', limit: 1, used: 1 },
      asked: 1,
      admitsAt: 60_000,
    })
  })

  test('of a request that can never pass have an infinite wait', async () => {
    const made = lab({ limits: { m: [tokens(3)] } })
    await statuses(made, 1)
    const [record] = made.mock.journal.entries()
    expect(record!.denial).toMatchObject({
      rule: 'tpm',
      level: { limit: 3, used: 0 },
      asked: prompt(made),
      admitsAt: null,
    })
  })

  test('of the free quota have no window', async () => {
    const made = lab({ accounts: [{ name: 'a', keys: [key], payable: false }] })
    await statuses(made, 1)
    expect(made.mock.journal.entries()[0]!.denial).toEqual({ rule: 'free', rules: ['free'], admitsAt: null })
  })

  test('name every rule that denied, and the switch `checkOrder` decides which of them the reply tells of', async () => {
    const codes = async (checkOrder: Switches['checkOrder']) => {
      const switches = { checkOrder, burstGuard: true, burstFloor: 0.001 }
      const made = lab({ limits: { m: [requests(1), tokens(17)] }, switches })
      const [, throttled] = await statuses(made, 2)
      const { denial, error, why } = journalEntry(made.mock.journal.entries()[1]!)
      expect(throttled).toBe(429)
      expect(denial!.rules).toEqual(['rpm', 'tpm', 'burst'])
      expect(why).toContain('denied it, too')
      return [denial!.rule, error]
    }
    expect(await codes('limits-first')).toEqual(['rpm', 'requests'])
    expect(await codes('guard-first')).toEqual(['burst', 'burst'])
    expect(await codes('tokens-first')).toEqual(['tpm', 'tokens'])
  })

  test('name the account’s window when the workspace’s has room', async () => {
    const workspaces = [{ name: 'w', keys: ['sk-w'], limits: { m: [requests(5)] } }]
    const made = lab({ limits: { m: [requests(1)] }, accounts: [{ name: 'a', keys: [key], workspaces }] })
    for (const each of [key, 'sk-w']) await made.clock.run(read(made, { key: each }))
    expect(made.mock.journal.entries()[1]!.denial).toMatchObject({ rule: 'rpm', level: { limit: 1, used: 1 } })
  })
})

describe('faults', () => {
  test.each(errorNames)('every error can be asked for: %s', async (error) => {
    const made = lab({ limits: { m: [requests(1)] }, faults: [{ when: 'always', do: { error } }] })
    const { answer } = await made.clock.run(read(made))
    expect(statusOf(answer)).toBe(errorTable[error].status)
    expect(made.mock.journal.entries()[0]).toMatchObject({ error, fault: `faults[0]: error ${error} (always)` })
    expect(made.mock.journal.entries()[0]!.verdict).toBeUndefined()
    expect(made.mock.provider.accounts.get('a')!.opened()).toEqual([])
  })

  test('an error is at the place in the stream that the fault gives', async () => {
    const made = lab({ faults: [{ when: 'always', do: { error: 'tokens', placement: 'first-frame' } }] })
    const { answer, pieces, end } = await made.clock.run(read(made, { stream: true }))
    expect(answer).toMatchObject({ kind: 'stream', status: 200 })
    expect(pieces.map(([, text]) => text).join('')).toContain('insufficient_quota')
    expect(end).toBe('ended')
  })

  test('an error in a stream has the shape that the fault gives', async () => {
    const fault = { error: 'tokens', placement: 'first-frame', shape: 'leaked-native' } as const
    const made = lab({ faults: [{ when: 'always', do: fault }] })
    const { pieces } = await made.clock.run(read(made, { stream: true }))
    expect(pieces.map(([, text]) => text).join('')).toMatch(/^id:1\nevent:error\n:HTTP_STATUS\/429\n/)
  })

  test('a delay comes before the limits and everything else', async () => {
    const made = lab({ faults: [{ when: 'always', do: { delay: 500 } }] })
    await statuses(made, 1)
    expect(made.mock.journal.entries()[0]).toMatchObject({
      arrivedAt: 0,
      decidedAt: 500,
      verdict: 'admitted',
      status: 200,
    })
  })

  test('a connection breaks before anything is decided', async () => {
    const made = lab({ faults: [{ when: { first: 1 }, do: { break: 'before' } }] })
    expect(await statuses(made, 2)).toEqual([0, 200])
    expect(made.mock.journal.entries()[0]).toMatchObject({ status: 0, end: 'broken' })
  })

  test.each([
    [undefined, 0.5],
    [0.25, 0.25],
    [3, 0.5],
  ])('a whole body breaks after %s', async (after, share) => {
    const action = { break: 'mid-body', ...(after !== undefined && { after }) } as const
    const made = lab({ faults: [{ when: 'always', do: action }] })
    const { answer, end } = await made.clock.run(read(made))
    if (answer.kind !== 'whole') throw new Error('not whole')
    expect(end).toBe('broken')
    expect(answer.brokenAfter).toBe(Math.floor(answer.body.length * share))
    expect(made.mock.journal.entries()[0]).toMatchObject({ status: 200, end: 'broken', outputTokens: 10 })
  })

  test.each([
    [undefined, 5],
    [0.25, 3],
    [1, 1],
    [4, 4],
    [99, 10],
  ])('a stream breaks after %s, and its output so far is charged', async (after, said) => {
    const action = { break: 'mid-body', ...(after !== undefined && { after }) } as const
    const made = lab({ limits: { m: [tokens(1000)] }, faults: [{ when: 'always', do: action }] })
    const { pieces, end } = await made.clock.run(read(made, { stream: true }))
    const text = pieces.map(([, each]) => each).join('')
    expect(end).toBe('broken')
    expect(text).not.toContain('[DONE]')
    // There is one frame more than deltas, the opening one.
    expect(text.match(/^data: /gm)).toHaveLength(said + 1)
    expect(made.mock.journal.entries()[0]).toMatchObject({ end: 'broken', outputTokens: said })
    expect(levelsOf(made)).toMatchObject([{ used: prompt(made) + said }])
    expect(made.mock.inFlight).toBe(0)
    await made.clock.run(made.clock.sleep(1000))
    expect(levelsOf(made)).toMatchObject([{ used: prompt(made) + said }])
  })

  test('a new plan counts from the beginning; with any other new setup the plan goes on counting', async () => {
    const faults = [{ when: { first: 2 }, do: { capacity: true } }] as const
    const made = lab({ faults })
    expect(await statuses(made, 1)).toEqual([503])
    made.mock.reconfigure({ limits: { m: [requests(9)] } })
    expect(await statuses(made, 2)).toEqual([503, 200])
    made.mock.setFaults(faults)
    expect(await statuses(made, 3)).toEqual([503, 503, 200])
  })
})

describe('reset', () => {
  test('starts again, with the same results for the same seed', async () => {
    const made = lab({ limits: { m: [requests(2)] }, wire: { answerSpread: 0.5 } })
    const seen = async () => {
      const answers: unknown[] = []
      for (let i = 0; i < 3; i++) {
        const { answer } = await made.clock.run(read(made))
        answers.push(answer.kind === 'whole' && answer.body.replace(/"created":\d+/, ''))
      }
      return answers
    }
    const first = await seen()
    expect(made.mock.journal.entries().at(-1)).toMatchObject({ number: 3, verdict: 'rpm' })
    made.mock.reset()
    expect(made.mock.journal.entries()).toEqual([])
    expect(made.mock.provider.accounts.get('a')!.wallet.spent()).toBe(0)
    expect(await seen()).toEqual(first)
    made.mock.reset(2)
    expect(made.mock.seed).toBe(2)
    expect(await seen()).not.toEqual(first)
  })

  test('does not change requests in flight', async () => {
    const made = lab({ limits: { m: [tokens(1000)] } })
    const work = read(made)
    made.mock.reset()
    expect(made.mock.inFlight).toBe(1)
    expect((await made.clock.run(work)).answer).toMatchObject({ status: 200 })
    expect(made.mock.inFlight).toBe(0)
    expect(levelsOf(made)).toMatchObject([{ used: 0 }])
  })
})

describe('a request under way while the limits change', () => {
  const w = { name: 'w', keys: ['sk-w'] }
  const account = (limits: Record<string, readonly Limit[]>) => ({
    name: 'a',
    keys: [key],
    workspaces: [{ ...w, limits }],
  })
  const first = { limits: { m: [tokens(1000)] }, accounts: [account({})] }

  // A prompt of 11 tokens, and an answer of 10 that is complete after 10 ms. With `reserve`, 100 more are given back at the end.
  test.each<[name: string, tokenCharge: Switches['tokenCharge'], change: MockSetup, used: readonly number[]]>([
    ['other windows', 'split', { switches: { ...calm, window: 'fixed' } }, [10]],
    ['other windows', 'reserve', { switches: { ...calm, window: 'fixed', tokenCharge: 'reserve' } }, [0]],
    ['further limits', 'split', { limits: { m: [tokens(1000), tokens(9, 1000)] } }, [21, 10]],
    ['further limits', 'reserve', { limits: { m: [tokens(1000), tokens(9, 1000)] } }, [21, 0]],
    ['limits of the workspace', 'split', { accounts: [account({ m: [tokens(500)] })] }, [10, 21]],
    ['limits of the workspace', 'reserve', { accounts: [account({ m: [tokens(500)] })] }, [0, 21]],
    ['another account', 'split', { accounts: [{ name: 'b', keys: [key] }] }, []],
  ])(
    '%s: what it is charged for from then on counts in them, tokenCharge %s',
    async (_name, tokenCharge, change, used) => {
      const made = lab({ ...first, switches: { tokenCharge } })
      made.mock.handle(chat({ key: 'sk-w', maxTokens: 110 }))
      made.clock.after(5, () => made.mock.reconfigure(change))
      await made.clock.run(made.clock.sleep(20))
      const levels = made.mock.provider.accounts.get('a')?.quota('m', 'w')?.levels(20) ?? []
      expect(levels.map((level) => level.used)).toEqual(used)
      expect(made.mock.journal.entries()).toMatchObject([{ end: 'answered', outputTokens: 10 }])
    },
  )
})

describe('a change that is refused has changed nothing', () => {
  const right = { limits: { m: [requests(9)] }, switches: { window: 'bucket' }, wire: { answerTokens: 3 } } as const
  test.each<[name: string, wrong: object]>([
    ['a limit of the second model', { limits: { m: [requests(9)], n: [{ rule: 'rpm', limit: -1, window: 1 }] } }],
    ['a switch', { switches: { window: 'bucket', burstFloor: -1 } }],
    [
      'a workspace of the second account',
      {
        accounts: [
          { name: 'a', keys: [key] },
          { name: 'b', keys: [key] },
        ],
      },
    ],
    ['a fault', { faults: [{ match: { account: 'x' }, when: 'always', do: { error: 'tokens' } }] }],
  ])('%s', (_name, wrong) => {
    const { mock: made } = lab({ limits: { m: [requests(1)] } })
    const { setup, provider, profile } = made
    const levels = () => made.provider.accounts.get('a')!.quota('m')!.levels(0)
    const before = levels()
    expect(() => made.reconfigure({ ...right, ...wrong })).toThrow(/^Expected .*`changes/)
    expect(made.setup).toBe(setup)
    expect(made.provider).toBe(provider)
    expect(made.profile).toBe(profile)
    expect(levels()).toEqual(before)
  })

  test.each([Number.NaN, -1, 0.5, Infinity])('a reset to the seed %s', (seed) => {
    const { mock: made } = lab()
    made.handle(chat())
    expect(() => made.reset(seed)).toThrow('Expected `options.seed` to be')
    expect(made.seed).toBe(1)
    expect(made.journal.entries()).toHaveLength(1)
  })
})

describe('reconfigure', () => {
  const full = async (made: Lab) => expect(await statuses(made, 2)).toEqual([200, 429])

  test('with nothing changed changes nothing', async () => {
    const made = lab({ limits: { m: [requests(1)] } })
    await full(made)
    made.mock.reconfigure({})
    made.mock.reconfigure(made.mock.setup)
    expect(made.mock.provider.accounts.get('a')!.opened()).toEqual([{ model: 'm', workspace: undefined }])
    expect(await statuses(made, 1)).toEqual([429])
  })

  test('new limits count what the old ones have counted', async () => {
    const made = lab({ limits: { m: [requests(1)] } })
    await full(made)
    made.mock.reconfigure({ limits: { m: [requests(2)], n: [] } })
    await full(made)
    expect((await made.clock.run(read(made, { model: 'n' }))).answer).toMatchObject({ status: 200 })
    made.mock.reconfigure({ limits: { n: [] } })
    expect((await made.clock.run(read(made))).answer).toMatchObject({ status: 404 })
  })

  test('limits that the control plane has set stay when the config’s limits do not change', async () => {
    const made = lab({ limits: { m: [requests(1)] } })
    made.mock.provider.accounts
      .get('a')!
      .limitsOf('m')!
      .setLimits([requests(3)], 0)
    made.mock.reconfigure({ limits: { m: [requests(1)], n: [] } })
    expect(await statuses(made, 4)).toEqual([200, 200, 200, 429])
  })

  test('requests in flight go on, and count in the same windows', async () => {
    const made = lab({ limits: { m: [tokens(1000)] } })
    const work = read(made, { stream: true })
    made.mock.reconfigure({ wire: { answerTokens: 3, answerSpread: 0 }, limits: { m: [tokens(500)] } })
    const { pieces } = await made.clock.run(work)
    expect(pieces.map(([, text]) => text).join('')).toContain('[DONE]')
    expect(levelsOf(made)).toMatchObject([{ limit: 500, used: prompt(made) + 10 }])
    await statuses(made, 1)
    expect(made.mock.journal.entries().at(-1)).toMatchObject({ number: 2, outputTokens: 3 })
  })

  test.each([
    // It is denied when its wait ends, and by then there is no such limit any more.
    [1, 2000, [200, 429]],
    // The two that wait are looked up again, and the model does not exist any more.
    [2, 1000, [200, 404, 404]],
  ])('%i waiting requests get a reply when their model is removed', async (waiting, burstInterval, expected) => {
    const switches = { burstGuard: true, burstInterval, burstFloor: 0.5, burstGrowth: 1.001 }
    const made = lab({ limits: { m: [requests(60)] }, switches })
    for (let i = 0; i < 1 + waiting; i++) made.mock.handle(chat({ headers: { 'x-dashscope-wait-timeout': '1' } }))
    made.mock.reconfigure({ limits: {} })
    await made.clock.run(made.clock.sleep(5000))
    expect(made.mock.inFlight).toBe(0)
    expect(made.mock.journal.entries().map(({ status }) => status)).toEqual(expected)
  })

  test('accounts are added and removed; one that stays keeps its windows and its free quota', async () => {
    const made = lab({ limits: { m: [requests(1)] }, accounts: [{ name: 'a', keys: [key], freeTokens: 100 }] })
    await full(made)
    const left = made.mock.provider.accounts.get('a')!.wallet.freeLeft('m')
    made.mock.reconfigure({
      accounts: [
        { name: 'a', keys: ['sk-other'], freeTokens: 100, stopWhenFreeIsUsed: true },
        { name: 'b', keys: [key] },
      ],
    })
    expect(made.mock.provider.accounts.get('a')!.wallet.freeLeft('m')).toBe(left)
    expect(made.mock.provider.accounts.get('a')!.wallet.billing().stopWhenFreeIsUsed).toBe(true)
    expect((await made.clock.run(read(made, { key: 'sk-other' }))).answer).toMatchObject({ status: 429 })
    await full(made)
    made.mock.reconfigure({ accounts: [{ name: 'b', keys: [key] }] })
    expect((await made.clock.run(read(made, { key: 'sk-other' }))).answer).toMatchObject({ status: 401 })
  })

  test('limits of workspaces are changed, added and removed', async () => {
    const of = (limit?: number) => ({
      accounts: [
        {
          name: 'a',
          keys: [key],
          workspaces: [{ name: 'w', keys: ['sk-w'], limits: limit === undefined ? {} : { m: [requests(limit)] } }],
        },
      ],
    })
    const made = lab({ limits: { m: [requests(9)] }, ...of(1) })
    const ask = async () => statusOf((await made.clock.run(read(made, { key: 'sk-w' }))).answer)
    expect([await ask(), await ask()]).toEqual([200, 429])
    made.mock.reconfigure(of(2))
    expect([await ask(), await ask()]).toEqual([200, 429])
    made.mock.reconfigure(of())
    expect(await ask()).toBe(200)
    made.mock.reconfigure(of(1))
    expect([await ask(), await ask()]).toEqual([200, 429])
  })

  test('a switch of counting empties the windows, other switches do not', async () => {
    const made = lab({ limits: { m: [requests(1)] } })
    await full(made)
    made.mock.reconfigure({ switches: { ...made.mock.setup.switches, retryAfter: 'exact' } })
    const { answer } = await made.clock.run(read(made))
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '60' } })
    made.mock.reconfigure({ switches: { ...made.mock.setup.switches, window: 'fixed' } })
    await full(made)
  })
})

test('a 429 has the general code where causes are hidden', async () => {
  const made = lab({ limits: { m: [requests(1)] }, switches: { causes: 'hidden' } })
  expect((await made.clock.run(read(made))).answer).toMatchObject({ status: 200 })
  const { answer } = await made.clock.run(read(made))
  expect(answer).toMatchObject({ status: 429, body: expect.stringContaining('"code":"Throttling"') })
})

describe('the journal', () => {
  test('holds no complete key, and no long text from a client', async () => {
    const ended: RequestRecord[] = []
    const made = lab({ ended: (record) => ended.push(record) })
    const secret = 'sk-averyveryverysecretkey'
    const path = `/${'x'.repeat(5000)}`
    for (const each of [key, secret]) await made.clock.run(read(made, { key: each, path }))
    await made.clock.run(read(made, { model: 'y'.repeat(5000) }))
    await made.clock.run(read(made, { key: 'short', headers: { 'x-api-key': secret } }))
    const remembered = JSON.stringify([ended, made.mock.journal.entries()])
    for (const each of [key, secret, 'short']) expect(remembered).not.toContain(each)
    expect(ended.map((record) => record.key)).toEqual(['sk-1234…1234', 'sk-aver…tkey', 'sk-1234…1234', 'sh…'])
    expect(remembered.length).toBeLessThan(6000)
  })

  test.each(['sk-2-vision', 'm'.repeat(250)])(
    'keeps the name of a model of the profile as it is: %s',
    async (model) => {
      const made = lab({ limits: { [model]: [] } })
      expect((await made.clock.run(read(made, { model }))).answer).toMatchObject({ status: 200 })
      expect(made.mock.journal.entries()).toMatchObject([{ model }])
    },
  )

  test('watchers get each record once, until they stop watching', async () => {
    const made = lab()
    const seen: number[] = []
    const stop = made.mock.watch(({ number }) => seen.push(number))
    await statuses(made, 2)
    stop()
    await statuses(made, 1)
    expect(seen).toEqual([1, 2])
  })
})

/** The charges of each request and their instants, from the journal: the prompt at the decision, the output at the end. */
function charged(records: readonly RequestRecord[]): Charge[] {
  return records
    .filter(({ verdict }) => verdict === 'admitted')
    .flatMap(({ decidedAt, endedAt, promptTokens, outputTokens }) => [
      { at: decidedAt!, requests: 1, tokens: promptTokens! },
      { at: endedAt!, requests: 0, tokens: outputTokens! },
    ])
}

const anyErrand = fc.record({
  gap: gaps,
  stream: fc.boolean(),
  maxTokens: fc.integer({ min: 1, max: 12 }),
  content: fc.string({ maxLength: 40 }),
  /** The time after which the client hangs up, in milliseconds. */
  patience: fc.option(fc.nat(12)),
})

property.prop([anyLimits, fc.array(anyErrand, { minLength: 1, maxLength: 40 })])(
  'no window computed from the journal exceeds its limit, and every denial is right and gives its window’s true numbers',
  async (limits, errands) => {
    // A request that alone exceeds the limit would always be denied, and test nothing.
    const roomy = limits.map((limit) =>
      unitOf(limit.rule) === 'tokens' ? { ...limit, limit: limit.limit + 20 } : limit,
    )
    const made = lab({ limits: { m: roomy } })
    const { clock, mock } = made
    instants(errands.map(({ gap }) => gap)).forEach((at, i) => {
      const { stream, maxTokens, content, patience } = errands[i]!
      clock.after(at, () => {
        const handling = mock.handle(chat({ stream, maxTokens, content }))
        if (patience !== null) clock.after(patience, () => handling.hangUp())
      })
    })
    await clock.run(clock.sleep(10_000))
    const records = mock.journal.entries()
    expect(records).toHaveLength(errands.length)
    expect(records.every(({ end }) => end !== undefined)).toBe(true)
    expect(mock.inFlight).toBe(0)
    const entries = charged(records)
    for (const limit of roomy) for (const record of records) expectHonest(record, limit, entries, records)
  },
)

/** Checks one record against one limit, by adding up the charges in the window. */
function expectHonest(
  record: RequestRecord,
  limit: Limit,
  entries: readonly Charge[],
  records: readonly RequestRecord[],
) {
  const { decidedAt: at, verdict, denial, number, promptTokens } = record
  // Only charges made before the decision count: of admissions at the same instant, the earlier ones.
  const later = new Set(records.filter((each) => each.number >= number && each.decidedAt === at))
  const before = charged(records.filter((each) => !later.has(each))).filter((each) => each.at <= at!)
  const ended = entries.filter((each) => each.requests === 0 && each.at === at).length
  const asked = unitOf(limit.rule) === 'requests' ? 1 : promptTokens!
  const used = inWindow(before, limit, at!)
  // Output that ends at the instant of a decision may have been charged before or after the decision.
  if (ended > 0) return
  if (verdict === 'admitted') expect(used + asked).toBeLessThanOrEqual(limit.limit)
  if (verdict === limit.rule && denial?.level?.window === limit.window) {
    expect(denial.level).toMatchObject({ limit: limit.limit, used })
    expect(used + asked).toBeGreaterThan(limit.limit)
  }
}

describe('a skin that throws', () => {
  const fail = (): never => {
    throw new Error('thrown on purpose')
  }

  test.each(['write', 'end'] as const)('in `%s` ends the request', async (name) => {
    const onDefect = vi.fn()
    const made = lab({ onDefect })
    const answer = await made.clock.run(made.mock.handle(chat({ stream: true })).answer)
    if (answer.kind !== 'stream') throw new Error('Expected a stream')
    answer.start({ write() {}, end() {}, break() {}, [name]: fail })
    await made.clock.run(made.clock.sleep(10_000))
    expect(made.mock.inFlight).toBe(0)
    expect(made.mock.journal.entries()).toMatchObject([{ error: 'internal', end: 'broken' }])
    expect(onDefect).toHaveBeenCalledOnce()
  })

  test('when a header is read gets the error 500', async () => {
    const onDefect = vi.fn()
    const { mock } = lab({ onDefect })
    expect(await mock.handle({ ...chat(), header: fail }).answer).toMatchObject({ kind: 'whole', status: 500 })
    expect(mock.inFlight).toBe(0)
    expect(onDefect).toHaveBeenCalledOnce()
  })
})
