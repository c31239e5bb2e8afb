import { fc, test as property } from '@fast-check/vitest'
import { afterAll, describe, expect, test } from 'vitest'
import type { Bodies } from '../../../sim/control/bodies.ts'
import { control } from '../../../sim/control/control.ts'
import type { FaultSpec } from '../../../sim/wire/handling/fault-spec.ts'
import type { Schema } from '../../../src/checks/schema.ts'
import type { Switches } from '../../../src/scenario/switches.ts'
import { changes, mutated } from '../../schemas/mutations.ts'
import { valuesOf } from '../../schemas/schema-values.ts'
import { chat, key, lab } from '../mock-rig.ts'
import { requests } from '../rig.ts'
import { chatPath } from '../wire/protocols/protocol-rig.ts'
import { documentedFields, fields, isProblems, mismatch, names, openApi, source, validatorOf } from './documented.ts'
import { door, still } from './door.ts'

describe('the OpenAPI document', () => {
  test('is what the server sends, and names the accounts and models of its mock', async () => {
    expect((await door().ask('GET', 'openapi.json'))[1]).toEqual(openApi)
    expect(openApi.components.schemas).toMatchObject({
      AccountName: { enum: ['a'] },
      ModelName: { enum: expect.arrayContaining(['m', 'qwen3-max']) },
    })
    expect(openApi.security).toEqual([])
    const headers = { 'x-ratelab-token': 'secret' }
    const [, secret] = await door(lab(), { token: 'secret' }).ask('GET', 'openapi.json', undefined, headers)
    expect(secret).toMatchObject({ security: [{ bearer: [] }, { token: [] }] })
  })

  test('names every route, and no other', () => {
    const routed = control(lab().mock)
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`)
    const documented = Object.entries(openApi.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(documented.toSorted()).toEqual(routed.toSorted())
    const ids = Object.values(openApi.paths).flatMap((each) =>
      Object.values(each).map(({ operationId }) => operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('is what the routes do', async () => {
    const made = still()
    const { ask } = door(made)
    const faults = [{ when: { every: 2 }, do: { delay: 5, break: 'mid-body', after: 0.3 } }]
    const burst = [...Array(4).keys()].map(() => made.mock.handle(chat()))
    made.mock.handle(chat({ model: 'nobody' }))
    made.mock.handle({ ...chat(), path: '/nowhere' })
    made.mock.handle(chat({ key: 'sk-w' }))
    const bodies: [string, string, unknown?][] = [
      ['GET', 'state'],
      ['GET', 'journal'],
      ['GET', 'journal?limit=0'],
      ['GET', 'metrics'],
      ['GET', 'healthz'],
      ['GET', 'openapi.json'],
      ['POST', 'limits', { model: 'm', limits: [requests(5)] }],
      ['POST', 'limits', {}],
      ['POST', 'quota', { model: 'm', factor: 3 }],
      ['POST', 'quota', {}],
      ['POST', 'billing', { account: 'a', freeTokens: 5 }],
      ['POST', 'billing', {}],
      ['POST', 'clock', { advance: 7 }],
      ['POST', 'clock', {}],
      ['POST', 'faults', { faults }],
      ['POST', 'faults', {}],
      ['GET', 'state'],
      ['DELETE', 'faults'],
      ['POST', 'reset'],
      ['POST', 'reset', { seed: 'x' }],
      ['DELETE', 'journal'],
    ]
    for (const [method, path, body] of bodies) {
      const [status, reply] = await ask(method, path, body)
      const [plain] = path.split('?')
      expect([method, path, mismatch(method, `/_ratelab/${plain}`, status, reply)]).toEqual([method, path, undefined])
    }
    expect(burst).toHaveLength(4)
    expect(
      mismatch('GET', '/_ratelab/healthz', 403, (await door(lab(), {}, '10.0.0.1').ask('GET', 'healthz'))[1]),
    ).toBeUndefined()
    expect(
      mismatch('POST', '/_ratelab/clock', 409, (await door().ask('POST', 'clock', { speed: 1 }))[1]),
    ).toBeUndefined()
    expect(mismatch('GET', '/_ratelab/healthz', 200, { status: 'ok' })).toBeDefined()
    made.timeline.stop()
  })
})

/** Bodies that the server takes, written by hand: between them they have every field. */
const examples: { readonly [K in keyof Bodies]: readonly [Bodies[K], ...Bodies[K][]] } = {
  reset: [{ seed: 7 }, {}],
  limits: [{ account: 'a', model: 'm', limits: [requests(5), { rule: 'tpm', limit: 9, window: 1000, soft: true }] }],
  quota: [{ account: 'a', model: 'm', factor: 3, unit: 'tokens' }],
  billing: [{ account: 'a', freeTokens: 5, stopWhenFreeIsUsed: true, payable: false, arrears: false }],
  clock: [{ speed: 2, paused: true, advance: 5 }],
  faults: [
    {
      faults: [
        {
          match: { model: 'm', account: 'a', protocol: 'compat-chat', path: '/x', stream: true },
          when: { first: 2 },
          do: { delay: 5, error: 'tokens', placement: 'mid-stream', shape: 'error-finish' },
        },
        { when: { every: 2 }, do: { break: 'mid-body', after: 0.3 } },
        { when: { probability: 0.5 }, do: { capacity: true } },
        { when: 'always', do: { break: 'before' } },
      ],
    },
  ],
}

/** The names of the fields of a value and of all that is in it. */
function fieldsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(fieldsOf)
  return Array.isArray(value) ? inner : [...Object.keys(value), ...inner]
}

describe.each(Object.keys(examples) as (keyof Bodies)[])('POST /_ratelab/%s', (action) => {
  const path = `/_ratelab/${action}`
  const { schema } = openApi.paths[path]!.post!.requestBody!.content['application/json']!
  const isDocumented = validatorOf('paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema')
  const bodies = fc.oneof(valuesOf(schema, source), fc.constantFrom<unknown>(...examples[action]))
  const made = still()
  afterAll(() => made.timeline.stop())
  const { ask } = door(made)

  /** The problems with a body that the document forbids. What it cannot say, such as that two limits differ, is answered with 409. */
  async function problemsOf(body: unknown): Promise<readonly string[]> {
    // As JSON, since the door sends a text as it is, and an empty text is no body at all.
    const [status, reply] = await ask('POST', action, JSON.stringify(body))
    expect(mismatch('POST', path, status, reply)).toBeUndefined()
    expect([200, 400, 409]).toContain(status)
    return status === 400 ? reply.problems : []
  }

  test('refuses an empty text in place of a body, as the document does', async () => {
    expect(await problemsOf('')).not.toEqual([])
    expect(isDocumented('')).toBe(false)
  })

  test('knows every field that the document knows, and the other way round', async () => {
    for (const body of examples[action]) {
      expect(await problemsOf(body)).toEqual([])
      expect(isDocumented(body), JSON.stringify([body, isDocumented.errors])).toBe(true)
    }
    expect(new Set(fieldsOf(examples[action]))).toEqual(new Set(documentedFields(schema)))
  })

  property.prop([bodies], { numRuns: 100 })('takes whatever the document describes', async (body) => {
    expect(isDocumented(body)).toBe(true)
    expect(await problemsOf(body)).toEqual([])
  })

  property.prop([bodies, changes(fields)], { numRuns: 300 })('takes what the document takes', async (body, changes) => {
    const sent = mutated(body, changes)
    const problems = await problemsOf(sent)
    expect(isDocumented(sent), JSON.stringify([sent, problems, isDocumented.errors])).toBe(problems.length === 0)
  })
})

describe('errors', () => {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'SEARCH', 'get', 'Post']
  const requests = fc.record({
    path: fc.constantFrom(...Object.keys(openApi.paths)),
    method: fc.constantFrom(...methods),
    query: fc.constantFrom('', '?', '?x=1', '?limit=0', '?limit=1&limit=2', '?account=nobody', '?%00', '?%ff=%', '?='),
    body: fc.constantFrom<unknown>(undefined, '', '{', '{}', '[]', 'null', '{"x":1}', 'x'.repeat(2 ** 20 + 1), {
      model: 'm',
      limits: [
        { rule: 'rpm', limit: 1, window: 1 },
        { rule: 'rpm', limit: 2, window: 1 },
      ],
    }),
    headers: fc.constantFrom<Record<string, string>>({}, { 'content-type': 'text/plain' }, { accept: 'text/html' }),
    address: fc.constantFrom('127.0.0.1', '127.0.0.1', '127.0.0.1', '10.0.0.1'),
  })
  const made = lab()

  property.prop([requests], { numRuns: 500 })('are documented, on each path with each method', async (request) => {
    const { path, method, query, body, headers, address } = request
    // The platform writes these methods in capitals before they are sent, and gives these two no body.
    const sent = /^(get|post)$/i.test(method) ? method.toUpperCase() : method
    const given = sent === 'GET' || sent === 'HEAD' ? undefined : body
    const reply = await door(made, {}, address).send(
      method,
      `${path.replace('/_ratelab/', '')}${query}`,
      given,
      headers,
    )
    const type = reply.headers.get('content-type')
    const text = await reply.text()
    const operations = openApi.paths[path]!
    const documented = sent === 'HEAD' ? 'get' : sent.toLowerCase()
    if (!operations[documented] && reply.status !== 403) {
      const allowed = Object.keys(operations).flatMap((each) => (each === 'get' ? ['GET', 'HEAD'] : each.toUpperCase()))
      expect([reply.status, reply.headers.get('allow')?.split(', ').toSorted(), type]).toEqual([
        405,
        allowed.toSorted(),
        'application/json',
      ])
      if (sent !== 'HEAD') expect(isProblems(JSON.parse(text))).toBe(true)
      return
    }
    const [known] = operations[documented] ? [documented] : Object.keys(operations)
    const content = operations[known!]!.responses[reply.status]?.content
    expect([reply.status, type]).toEqual([reply.status, Object.keys(content ?? {})[0]])
    if (sent === 'HEAD') {
      expect(text).toBe('')
      return
    }
    const read = type === 'application/json' ? JSON.parse(text) : text
    expect(mismatch(known!.toUpperCase(), path, reply.status, read)).toBeUndefined()
  })

  test('are the same for a path that is not documented', async () => {
    for (const path of ['', 'x', 'state/', 'STATE', '%73tate']) {
      const [status, reply] = await door(made).ask('GET', path)
      expect([status, isProblems(reply)]).toEqual([404, true])
    }
  })
})

describe('GET /_ratelab/journal', () => {
  const { parameters } = openApi.paths['/_ratelab/journal']!.get as unknown as {
    readonly parameters: readonly { readonly name: string; readonly schema: Schema }[]
  }
  const made = still()
  afterAll(() => made.timeline.stop())

  /** What a query can carry for a parameter: a value that the document takes, or any text. */
  const texts = Object.fromEntries(
    parameters.map(({ name, schema }) => {
      const right = names[name as keyof typeof names]
        ? fc.constantFrom(...names[name as keyof typeof names])
        : valuesOf(schema, source)
      return [
        name,
        fc.oneof(right.map(String), fc.constantFrom('', ' ', '0', '-1', '1.5', 'rpm', 'a', 'x', '1e999'), fc.string()),
      ]
    }),
  )
  const queries = fc.record({ ...texts, verdit: fc.constant('rpm') }, { requiredKeys: [] })

  property.prop([queries], { numRuns: 300 })('takes the queries that the document takes', async (query) => {
    const isRight = Object.entries(query).every(([name, value]) => {
      const nth = parameters.findIndex((each) => each.name === name)
      if (nth < 0) return false
      const { schema } = parameters[nth]!
      const isDocumented = validatorOf('paths', '/_ratelab/journal', 'get', 'parameters', `${nth}`, 'schema')
      const isNumber = schema.type === 'integer' && /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(value)
      return isDocumented(isNumber ? Number(value) : value)
    })
    const [status, reply] = await door(made).ask('GET', `journal?${new URLSearchParams(query)}`)
    expect(mismatch('GET', '/_ratelab/journal', status, reply)).toBeUndefined()
    expect(status, JSON.stringify([query, reply.problems])).toBe(isRight ? 200 : 400)
  })
})

describe('what a mock shows of itself', () => {
  const askings = fc.array(
    fc.record({
      stream: fc.boolean(),
      model: fc.constantFrom('m', 'm', 'm', 'nobody', 'qwen3-max'),
      key: fc.constantFrom(key, key, 'sk-w', 'sk-nobody'),
      path: fc.constantFrom(chatPath, chatPath, chatPath, '/nowhere'),
      isAwaited: fc.boolean(),
      hangsUp: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  const switches = fc.record({
    window: fc.constantFrom('sliding', 'fixed', 'bucket'),
    tokenCharge: fc.constantFrom('split', 'admission', 'reserve', 'completion'),
    rejectsCount: fc.boolean(),
    burstGuard: fc.boolean(),
    burstFloor: fc.constantFrom(0.01, 0.2, 5),
    inFlightLimit: fc.nat(2),
  } satisfies { readonly [K in keyof Switches]?: fc.Arbitrary<Switches[K]> })
  const billing = fc.record({ freeTokens: fc.nat(40), payable: fc.boolean(), arrears: fc.boolean() })
  const limits = fc.record({ requests: fc.integer({ min: 1, max: 5 }), tokens: fc.integer({ min: 1, max: 60 }) })
  const faults = valuesOf({ $ref: '#/components/schemas/FaultSpec' }, source) as fc.Arbitrary<FaultSpec>

  property.prop([askings, switches, billing, limits, fc.array(faults, { maxLength: 2 })], { numRuns: 100 })(
    'is what the document says, whatever has come to it',
    async (askings, switches, billing, { requests: perMinute, tokens }, faults) => {
      const workspaces = [{ name: 'w', keys: ['sk-w'], limits: { m: [requests(2)] } }]
      const made = lab({
        limits: { m: [requests(perMinute), { rule: 'tpm', limit: tokens, window: 60_000 }] },
        accounts: [{ name: 'a', keys: [key], workspaces, ...billing }],
        switches,
        faults,
      })
      const { ask } = door(made)
      for (const { isAwaited, hangsUp, ...asking } of askings) {
        const handling = made.mock.handle(chat(asking))
        if (hangsUp) handling.hangUp()
        await made.clock.run(isAwaited ? made.clock.sleep(500) : Promise.resolve())
      }
      for (const path of ['state', 'journal', 'metrics', 'healthz']) {
        const [status, reply] = await ask('GET', path)
        expect([path, status, mismatch('GET', `/_ratelab/${path}`, status, reply)]).toEqual([path, 200, undefined])
      }
      const [, { entries }] = await ask('GET', 'journal')
      expect(entries).toHaveLength(askings.length)
    },
  )
})
