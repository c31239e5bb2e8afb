import { describe, expect, test } from 'vitest'
import type { ControlOptions } from '../../../sim/control/control.ts'
import { key, lab, read } from '../mock-rig.ts'
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
      'Expected `query` to have no fields but id, account, model, verdict, since, limit, got "acount"; did you mean account?',
      'Expected `query.verdict` to be one of admitted, refused, rps, rpm, tps, tpm, burst, free, got "rmp"; did you mean rpm?',
      'Expected `query.since` to be a whole number >= 0, got NaN',
      'Expected `query.limit` to be >= 1, got 0',
    ])
    expect(await problemsOf(ask('GET', 'journal?since=%20'))).toEqual([
      'Expected `query.since` to be a whole number >= 0, got NaN',
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
      { model: 'm', limits: [requests(1), requests(2)] },
      ['Expected `body.limits[1]` to differ from `body.limits[0]`, got "rpm in 60000 ms" twice'],
    ],
    ['quota', { model: 'm', factor: 0 }, ['Expected `body.factor` to be > 0 and <= 1000, got 0']],
    ['billing', { account: 'a' }, [expect.stringContaining('to have one of freeTokens')]],
    [
      'clock',
      { speed: -1, pause: true },
      [expect.stringContaining('did you mean paused?'), expect.stringContaining('`body.speed`')],
    ],
    ['reset', { seed: 'x' }, ['Expected `body.seed` to be a whole number >= 0 and <= 4294967296, got "x"']],
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

describe('who may ask', () => {
  const token = 'secret-token'
  test.each<[string, ControlOptions, string, Record<string, string>, number]>([
    ['this machine', {}, '127.0.0.1', {}, 200],
    ['this machine, IPv6', {}, '::1', {}, 200],
    ['this machine, IPv4 in IPv6', {}, '::ffff:127.0.0.1', {}, 200],
    ['another', {}, '192.168.1.7', {}, 403],
    ['one that sounds like this one', {}, '127.0.0.1.example.org', {}, 403],
    ['another with any token where there is none', {}, '10.0.0.1', { 'x-ratelab-token': '' }, 403],
    ['another with the token', { token }, '10.0.0.1', { authorization: `Bearer ${token}` }, 200],
    ['another with the token in its own header', { token }, '10.0.0.1', { 'x-ratelab-token': token }, 200],
    ['another with a wrong token', { token }, '10.0.0.1', { authorization: 'Bearer secret-tokem' }, 403],
    ['this machine without the token', { token }, '127.0.0.1', {}, 200],
    ['a page of somebody else in this machine’s browser', {}, '127.0.0.1', { origin: 'https://evil.example' }, 403],
    ['a page of this machine', {}, '127.0.0.1', { origin: 'http://localhost:3000' }, 200],
    ['a name that somebody else gave this machine', {}, '127.0.0.1', { host: 'evil.example' }, 403],
    ['a page that is nobody’s', {}, '127.0.0.1', { origin: 'null' }, 403],
  ])('%s', async (_name, options, address, headers, expected) => {
    const [status, body] = await door(lab(), options, address).ask('GET', 'healthz', undefined, headers)
    expect(status).toBe(expected)
    if (status === 403) expect(body.hint).toContain('localhost')
  })
})
