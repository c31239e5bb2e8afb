import { describe, expect, test, vi } from 'vitest'
import { compatChat } from '../../../sim/wire/protocols/compat/chat.ts'
import { lastInstant } from '../../../src/core/last-instant.ts'
import type { Background } from '../../../src/scenario/background.ts'
import { chat, key, lab, read } from '../mock-rig.ts'
import { requests } from '../rig.ts'
import { door, type Reply, still } from './door.ts'

const problemsOf = async (asked: Promise<[number, Reply]>) => {
  const [status, body] = await asked
  expect(status).toBe(400)
  return body.problems
}

describe('state', () => {
  test('shows the windows of the models that were asked for, money and load, and no key in full', async () => {
    const made = lab({ limits: { m: [requests(2)] } })
    const { ask } = door(made)
    await made.clock.run(read(made))
    const [status, state] = await ask('GET', 'state')
    expect(status).toBe(200)
    expect(state).toMatchObject({
      profile: 'intl',
      clock: { now: '1970-01-01T00:00:00.010Z', ms: 10, speed: null, paused: false },
      requests: { inFlight: 0, waiting: 0 },
      accounts: [
        {
          name: 'a',
          keys: ['sk-1234…1234'],
          billing: { freeTokens: 0, payable: true },
          spent: 0,
          models: [
            {
              model: 'm',
              standing: 'billed',
              admitsAfterMs: 0,
              windows: [
                { rule: 'rpm', unit: 'requests', limit: 2, window: 60_000, used: 1, fill: 0.5, admitsAfterMs: 0 },
              ],
            },
          ],
        },
      ],
    })
    expect(JSON.stringify(state)).not.toContain(key)
    expect(state.switches).toContainEqual(
      expect.objectContaining({ name: 'window', value: 'sliding', label: 'assumption' }),
    )
  })

  test('shows the first accounts and models, or the account that is asked for', async () => {
    const accounts = Array.from({ length: 150 }, (_, i) => ({ name: `a${i}`, keys: [`sk-${i}`] }))
    const made = lab({ accounts })
    const { ask } = door(made)
    for (const model of ['m', ...Object.keys(made.mock.profile.models).slice(0, 5)])
      await ask('POST', 'quota', { model, factor: 2 })
    const [, { accounts: shown, accountsLeftOut }] = await ask('GET', 'state')
    expect([shown.length, accountsLeftOut]).toEqual([100, 50])
    const models = shown.reduce((sum, { models }) => sum + models.length, 0)
    const leftOut = shown.reduce((sum, { modelsLeftOut }) => sum + modelsLeftOut, 0)
    expect([models, models + leftOut]).toEqual([500, 6 * 100])
    const [, one] = await ask('GET', 'state?account=a149')
    expect(one.accounts.map(({ name, models }) => [name, models.length])).toEqual([['a149', 6]])
    const [, afterwards] = await ask('POST', 'billing', { account: 'a149', arrears: true })
    expect(afterwards.accounts).toMatchObject([{ name: 'a149', billing: { arrears: true } }])
    const sizes = await Promise.all(['state', 'metrics'].map(async (path) => (await ask('GET', path))[1]))
    for (const each of sizes) expect(JSON.stringify(each).length).toBeLessThan(1_000_000)
  })

  test('shows the limit on requests in flight beside the windows, which it is not', async () => {
    const made = lab({ limits: { m: [requests(5)] }, switches: { inFlightLimit: 1 } })
    const { ask } = door(made)
    const work = read(made)
    await made.clock.run(made.clock.sleep(4))
    await made.clock.run(read(made))
    const [, state] = await ask('GET', 'state')
    const [, inFlight] = state.accounts[0]!.models[0]!.windows
    const level = { rule: 'concurrency', unit: 'requests', limit: 1, used: 1 }
    expect(inFlight).toEqual({ ...level, fill: 1, admitsAt: '1970-01-01T00:00:00.010Z', admitsAfterMs: 6 })
    const [, { entries }] = await ask('GET', 'journal')
    expect(entries[1]!.denial).toMatchObject({ ...level, asked: 1, admitsAfterMs: 6 })
    expect(entries[1]!.denial).not.toHaveProperty('window')
    expect(entries[1]!.why).toBe(
      'denied by concurrency: 1 of 1 requests in flight, 1 more asked; the same request passes 6 ms later, ' +
        'at 1970-01-01T00:00:00.010Z, if nobody else is admitted (account a, model m)',
    )
    await made.clock.run(work)
    const [, later] = await ask('GET', 'state')
    expect(later.accounts[0]!.models[0]!.windows[1]).toMatchObject({ used: 0, fill: 0, admitsAfterMs: 0 })
  })

  test('shows the others who use the accounts', async () => {
    const background: Background[] = [
      {
        account: 'a',
        model: 'm',
        arrivals: { kind: 'at-once', calls: 3 },
        lengths: { kind: 'fixed', prompt: 1, output: 1 },
        maxTokens: 10,
      },
    ]
    const [, state] = await door(lab({ limits: { m: [requests(5)] }, background })).ask('GET', 'state')
    expect(state.background).toEqual(background)
    const [, alone] = await door(lab({})).ask('GET', 'state')
    expect(alone.background).toEqual([])
  })

  test('tells a full window’s next admission, and who is being served or waits', async () => {
    const made = lab({
      limits: { m: [requests(1)] },
      faults: [{ match: { stream: true }, when: 'always', do: { delay: 1000 } }],
    })
    const { ask } = door(made)
    const work = Promise.all([read(made), read(made, { stream: true })])
    await made.clock.run(made.clock.sleep(5))
    const [, state] = await ask('GET', 'state')
    expect(state.requests).toEqual({ inFlight: 1, waiting: 1 })
    expect(state.accounts[0]!.models[0]).toMatchObject({
      requests: { inFlight: 1, waiting: 1 },
      admitsAt: '1970-01-01T00:01:00.000Z',
      admitsAfterMs: 59_995,
    })
    await made.clock.run(work)
  })
})

describe('journal', () => {
  test('says which window denied, how full it was, and when it admits the same request', async () => {
    const made = lab({ limits: { m: [requests(1)] } })
    const { ask } = door(made)
    await made.clock.run(read(made))
    await made.clock.run(read(made))
    const [, { entries }] = await ask('GET', 'journal')
    expect(entries.map(({ verdict }) => verdict)).toEqual(['admitted', 'rpm'])
    expect(entries[1]!.denial).toEqual({
      rule: 'rpm',
      rules: ['rpm'],
      unit: 'requests',
      limit: 1,
      window: 60_000,
      used: 1,
      asked: 1,
      admitsAt: '1970-01-01T00:01:00.000Z',
      admitsAfterMs: 59_990,
    })
    expect(entries[1]!.why).toBe(
      'denied by rpm: 1 of 1 requests used in its window of 60000 ms, 1 more asked; the same request passes 59990 ms later, ' +
        'at 1970-01-01T00:01:00.000Z, if nobody else is admitted (account a, model m)',
    )
    const [, one] = await ask('GET', `journal?id=${entries[1]!.id}`)
    expect(one.entries).toEqual([entries[1]])
  })

  test('pages back from the newest, some at a time', async () => {
    const made = lab()
    const { ask } = door(made)
    for (let i = 0; i < 101; i++) made.mock.handle(chat())
    const page = async (query: string) => {
      const [, { entries, hasEarlier }] = await ask('GET', `journal?${query}`)
      return [entries.at(0)?.number, entries.at(-1)?.number, hasEarlier]
    }
    expect(await page('')).toEqual([2, 101, true])
    expect(await page('before=2')).toEqual([1, 1, false])
    expect(await page('limit=40&before=42')).toEqual([2, 41, true])
    expect(await page('limit=40&before=41')).toEqual([1, 40, false])
    expect(await page('since=60&limit=40')).toEqual([62, 101, true])
    expect(await page('since=61&limit=40')).toEqual([62, 101, false])
    expect(await page('since=101')).toEqual([undefined, undefined, false])
  })

  test('is asked by account, verdict, number and length', async () => {
    const made = lab({ limits: { m: [requests(1)] } })
    const { ask } = door(made)
    for (const _ of [1, 2, 3]) await made.clock.run(read(made))
    const numbers = async (query: string) => {
      const [status, { entries }] = await ask('GET', `journal?${query}`)
      return status === 200 && entries.map(({ number }) => number)
    }
    expect(await numbers('verdict=rpm')).toEqual([2, 3])
    expect(await numbers('since=2')).toEqual([3])
    expect(await numbers('limit=2')).toEqual([2, 3])
    expect(await numbers('model=other')).toEqual([])
    expect(await problemsOf(ask('GET', 'journal?verdict=rmp&since=x&acount=a&limit=0'))).toEqual([
      'Expected `query` to have no fields but id, account, model, verdict, since, before, limit, got "acount"; did you mean account?',
      'Expected `query.verdict` to be one of admitted, refused, rps, rpm, tps, tpm, plan-hour, plan-week, plan-month, burst, free, concurrency, got "rmp"; did you mean rpm?',
      'Expected `query.since` to be a whole number >= 0, got "x"',
      'Expected `query.limit` to be >= 1 and <= 1000, got 0',
    ])
    for (const since of ['%20', '', '0x1', '+1', '1_000', 'Infinity', '1e999', '1.5', '-1', '1%00'])
      expect(await problemsOf(ask('GET', `journal?since=${since}`)), since).toHaveLength(1)
    expect(await numbers('since=2.0')).toEqual([3])
    expect(await numbers('since=2e0')).toEqual([3])
    expect(await problemsOf(ask('GET', 'journal?since=1&since=2'))).toEqual([
      'Expected `query.since` to be a whole number >= 0, got a list',
    ])
    await ask('DELETE', 'journal')
    expect(await numbers('')).toEqual([])
  })
})

describe('actions', () => {
  test('set limits, raise them, and reset', async () => {
    const made = lab({ limits: { m: [requests(1)] } })
    const { ask } = door(made)
    const verdict = async () => (await made.clock.run(read(made))).answer
    await verdict()
    expect(await verdict()).toMatchObject({ status: 429 })
    const [, raised] = await ask('POST', 'quota', { account: 'a', model: 'm', factor: 2 })
    expect(raised.accounts[0]!.models[0]!.windows[0]).toMatchObject({ limit: 2, used: 1 })
    expect(await verdict()).toMatchObject({ status: 200 })
    await ask('POST', 'limits', { model: 'm', limits: [{ rule: 'rpm', limit: 3, window: 60_000 }] })
    expect(await verdict()).toMatchObject({ status: 200 })
    expect(await verdict()).toMatchObject({ status: 429 })
    const [, fresh] = await ask('POST', 'reset', { seed: 9 })
    expect(fresh).toMatchObject({ seed: 9, accounts: [{ models: [] }] })
    expect(await verdict()).toMatchObject({ status: 200 })
    expect(await verdict()).toMatchObject({ status: 429 })
    expect((await ask('GET', 'metrics'))[1]).toContain('verdict="rpm"} 1\n')
  })

  test('set the money', async () => {
    const made = lab()
    const { ask } = door(made)
    const status = async () => ((await made.clock.run(read(made))).answer as { status: number }).status
    await ask('POST', 'billing', { account: 'a', arrears: true })
    expect(await status()).toBe(400)
    await ask('POST', 'billing', { arrears: false, payable: false })
    expect(await status()).toBe(429)
    await ask('POST', 'billing', { freeTokens: 1_000_000 })
    expect(await status()).toBe(200)
    const [, state] = await ask('GET', 'state')
    const [served] = made.mock.journal.entries({ verdict: 'admitted' })
    const used = served!.promptTokens! + served!.outputTokens!
    expect(state.accounts[0]!.models[0]).toMatchObject({ standing: 'free', freeLeft: 1_000_000 - used })
  })

  test('stop the clock, move it and let it go on at the speed before', async () => {
    const made = still()
    const { ask } = door(made)
    await ask('POST', 'clock', { speed: 60 })
    const [, paused] = await ask('POST', 'clock', { paused: true })
    expect(paused.clock).toMatchObject({ speed: 0, paused: true })
    const before = made.timeline.now()
    const [, moved] = await ask('POST', 'clock', { advance: 60_000 })
    expect(moved.clock.ms).toBe(before + 60_000)
    const [, on] = await ask('POST', 'clock', { paused: false })
    expect(on.clock).toMatchObject({ speed: 60, paused: false })
    made.timeline.stop()
  })

  test('a virtual clock is nobody’s to set', async () => {
    const [status, body] = await door().ask('POST', 'clock', { advance: 1 })
    expect(status).toBe(409)
    expect(body.problems[0]).toContain('virtual time')
  })

  test('plan faults, and call them off', async () => {
    const made = lab()
    const { ask } = door(made)
    const fault = { match: { model: 'm' }, when: { first: 1 }, do: { capacity: true } }
    const [, state] = await ask('POST', 'faults', { faults: [fault, fault] })
    expect(state.faults).toEqual([fault, fault])
    expect((await made.clock.run(read(made))).answer).toMatchObject({ status: 503 })
    const [, none] = await ask('DELETE', 'faults')
    expect(none.faults).toEqual([])
    const [, { entries }] = await ask('GET', 'journal')
    expect(entries[0]!.why).toBe('faults[0]: capacity true (first 1): answered with serving-unavailable')
    await ask('POST', 'faults', { faults: [{ when: 'always', do: { break: 'before' } }] })
    await made.clock.run(read(made))
    const [, broken] = await ask('GET', 'journal')
    expect(broken.entries[1]!.why).toBe('the connection was broken by faults[0]: break before (always)')
  })
})

test('the journal tells a stream that a defect has broken from one that a fault has', async () => {
  const made = lab({ onDefect: () => {} })
  const closing = () => {
    throw new Error('thrown on purpose')
  }
  const { frames } = compatChat
  vi.spyOn(compatChat, 'frames').mockImplementation((...all) =>
    Object.assign(frames.apply(compatChat, all), { closing }),
  )
  await made.clock.run(read(made, { stream: true })).finally(() => vi.restoreAllMocks())
  const [, { entries }] = await door(made).ask('GET', 'journal')
  expect(entries[0]).toMatchObject({ error: 'internal', why: 'admitted; the connection was broken by a defect' })
})

describe('bad input', () => {
  test.each<[path: string, body: unknown, problems: readonly unknown[]]>([
    ['limits', '{', ['Expected `body` to be JSON']],
    ['limits', [], ['Expected `body` to be an object, got a list']],
    [
      'limits',
      { account: 'aa', model: 'qwen-pluss', limits: [{ rule: 'rqm', limit: 0, window: 1.5 }, 7] },
      [
        'Expected `body.account` to be one of a, got "aa"; did you mean a?',
        expect.stringMatching(/^Expected `body.model` to be one of .*, got "qwen-pluss"; did you mean qwen-plus\?$/),
        expect.stringContaining('`body.limits[0].rule`'),
        'Expected `body.limits[0].limit` to be > 0, got 0',
        'Expected `body.limits[0].window` to be a whole number > 0 and <= 31622400000, got 1.5',
        'Expected `body.limits[1]` to be an object, got 7',
      ],
    ],
    [
      'limits',
      { model: 'm', limits: Array.from({ length: 11 }, (_, i) => ({ rule: 'rpm', limit: 1, window: i + 1 })) },
      ['Expected `body.limits` to have at most 10 items, got 11'],
    ],
    ['quota', { model: 'm', factor: 0 }, ['Expected `body.factor` to be > 0 and <= 1000, got 0']],
    ['billing', { account: 'a' }, [expect.stringContaining('to have one of freeTokens')]],
    [
      'clock',
      { speed: -1, pause: true },
      [expect.stringContaining('did you mean paused?'), expect.stringContaining('`body.speed`')],
    ],
    ['reset', { seed: 0.5 }, ['Expected `body.seed` to be a whole number >= 0 and <= 4294967296, got 0.5']],
    [
      'faults',
      {
        faults: [
          { match: { model: 'mm' }, when: { first: 0 }, do: { error: 'tokns', break: 'before', after: 2 } },
          { when: {}, do: {} },
          { when: 'always', do: { error: 'tokens', shape: 'error-finish' } },
        ],
      },
      [
        expect.stringContaining('did you mean m?'),
        'Expected `body.faults[0].when.first` to be >= 1, got 0',
        expect.stringMatching(/`body.faults\[0\].do.error` to be one of .*did you mean tokens\?$/),
        'Expected `body.faults[0].do` to have one of error, break and capacity, got error and break',
        'Expected `body.faults[0].do.after` to come with `break`: "mid-body", got it without',
        expect.stringContaining('Expected `body.faults[1].when` to be "always"'),
        'Expected `body.faults[1].do` to have one of delay, error, break and capacity, got none',
        'Expected `body.faults[2].do.shape` to come with `placement`: "first-frame" or "mid-stream", got it without',
      ],
    ],
  ])('%s %j', async (path, body, problems) => {
    const { ask, lab: made } = door()
    const before = (await ask('GET', 'state'))[1]
    expect(await problemsOf(ask('POST', path, body))).toEqual(problems)
    expect((await ask('GET', 'state'))[1]).toEqual(before)
    expect(made.mock.setup.faults).toEqual([])
  })

  test('what a document cannot forbid is a conflict, and changes nothing', async () => {
    const made = still()
    const { ask } = door(made)
    const before = (await ask('GET', 'state'))[1]
    expect(await ask('POST', 'limits', { model: 'm', limits: [requests(1), requests(2)] })).toMatchObject([
      409,
      { problems: ['Expected `body.limits[1]` to differ from `body.limits[0]`, got "rpm in 60000 ms" twice'] },
    ])
    expect((await ask('GET', 'state'))[1]).toEqual(before)
    made.timeline.advance(lastInstant - made.timeline.now())
    const last = (await ask('GET', 'state'))[1]
    expect(await ask('POST', 'clock', { speed: 60, advance: 1 })).toMatchObject([
      409,
      {
        problems: ['Expected `advance` to be at most 0, since time ends on 9999-12-31T23:59:59.999Z, got 1'],
      },
    ])
    expect((await ask('GET', 'state'))[1]).toEqual(last)
    expect(await ask('POST', 'clock', { speed: 0, advance: 0 })).toMatchObject([200, last])
    made.timeline.stop()
  })

  test('extreme numbers and repetitions', async () => {
    const made = still()
    const { ask } = door(made)
    for (const factor of [1000, 5e-324, 1e-300])
      for (let i = 0; i < 1000; i++) made.mock.provider.scale('a', 'm', factor, 0)
    for (const factor of [1000, 5e-324, 1000, -0, 1e-323, 1e308])
      expect((await ask('POST', 'quota', { model: 'm', factor }))[0]).toBe(factor > 0 && factor <= 1000 ? 200 : 400)
    for (const freeTokens of [0, -0, 2 ** 53 - 1]) expect((await ask('POST', 'billing', { freeTokens }))[0]).toBe(200)
    for (const freeTokens of [2 ** 53, 1e308, -1, 0.5])
      expect((await ask('POST', 'billing', { freeTokens }))[0]).toBe(400)
    for (const speed of [0.001, 1_000_000, 0, -0]) expect((await ask('POST', 'clock', { speed }))[0]).toBe(200)
    for (const speed of [5e-324, 0.0009, 1_000_001, 1e308, -1])
      expect((await ask('POST', 'clock', { speed }))[0]).toBe(400)
    made.timeline.stop()
  })

  test('of any size gets a small answer', async () => {
    const { ask } = door()
    const long = 'x'.repeat(20_000)
    const size = async (...request: Parameters<typeof ask>) => JSON.stringify(await ask(...request)).length
    expect(await size('POST', 'faults', { faults: [{ when: { [long]: long }, do: { delay: 1 } }] })).toBeLessThan(1000)
    expect(await size('GET', long)).toBeLessThan(1000)
    expect(await size('POST', 'reset', '{}', { 'content-type': long })).toBeLessThan(1000)
  })

  test('a path that only leads to a route when it is decoded or shortened', async () => {
    const { ask } = door()
    for (const path of ['%73tate', './state', 'x/../state', '../_ratelab/state', 'state/', '/state', 'STATE', '', '.'])
      expect((await ask('GET', path))[0], path).toBe(404)
  })

  test('a query where there is none to give', async () => {
    const { ask } = door()
    expect(await problemsOf(ask('POST', 'reset?seed=5'))).toEqual(['Expected `query` to have no fields, got "seed"'])
    expect(await problemsOf(ask('DELETE', 'journal?__proto__=5'))).toHaveLength(1)
    expect(await problemsOf(ask('GET', 'state?account=a&account=a'))).toHaveLength(1)
  })

  test('a body of another type, or one that is not JSON in UTF-8', async () => {
    const { ask } = door()
    const status = async (body: string | Uint8Array<ArrayBuffer>, type: Record<string, string>) =>
      (await ask('POST', 'reset', body, type))[0]
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonx',
      'application/json, text/plain',
    ]
    for (const type of types) expect(await status('{}', { 'content-type': type }), type).toBe(415)
    for (const type of types) expect(await status('', { 'content-type': type }), type).toBe(415)
    for (const type of ['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])
      expect(await status('{}', { 'content-type': type }), type).toBe(200)
    expect(await status('', { 'content-type': 'application/json' })).toBe(200)
    for (const text of [
      ' ',
      '{',
      'null',
      '"x"',
      '[',
      '['.repeat(500_000),
      '{"seed":1}{"seed":2}',
      '{"seed":1,}',
      "{'seed':1}",
    ])
      expect(await status(text, {}), text.slice(0, 20)).toBe(400)
    expect(await status(new Uint8Array([0x7b, 0xff, 0x7d]), {})).toBe(400)
  })

  test('a wrong path, method or length', async () => {
    const { ask } = door()
    expect(await ask('GET', 'sate')).toMatchObject([
      404,
      { problems: ['Expected a path of the control plane, got /_ratelab/sate; did you mean /_ratelab/state?'] },
    ])
    expect(await ask('PUT', 'journal')).toMatchObject([405, { problems: ['Expected GET or DELETE, got PUT'] }])
    expect((await ask('POST', 'reset', 'x'.repeat(2 ** 20 + 1), { 'content-length': String(2 ** 20 + 1) }))[0]).toBe(
      413,
    )
  })
})
