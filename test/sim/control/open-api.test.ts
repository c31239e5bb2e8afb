import { fc, test as property } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, describe, expect, test } from 'vitest'
import type { Bodies } from '../../../sim/control/bodies.ts'
import { control } from '../../../sim/control/control.ts'
import { openApi } from '../../../sim/control/open-api.ts'
import type { FaultSpec } from '../../../sim/wire/handling/fault-spec.ts'
import type { Schema } from '../../../src/checks/schema.ts'
import type { Switches } from '../../../src/scenario/switches.ts'
import { changes, mutated } from '../../schemas/mutations.ts'
import { valuesOf } from '../../schemas/schema-values.ts'
import { chat, key, lab } from '../mock-rig.ts'
import { requests } from '../rig.ts'
import { chatPath } from '../wire/protocols/protocol-rig.ts'
import { door, still } from './door.ts'

const ajv = new Ajv2020({ strict: false, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ } })
ajv.addSchema({ $id: 'doc', ...openApi })

/** The validator of a part of the document, named by the way to it. */
function validatorOf(...path: readonly string[]) {
  const pointer = path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
  return ajv.getSchema(`doc#/${pointer}`)!
}

/** What the document says of a reply, and whether the reply is so. */
function mismatch(method: string, path: string, status: number, body: unknown): unknown {
  const reply = openApi.paths[path]?.[method.toLowerCase()]?.responses[status]
  if (!reply) return `${method} ${path} ${status} is not documented`
  const [media] = Object.keys(reply.content)
  const validate = validatorOf(
    'paths',
    path,
    method.toLowerCase(),
    'responses',
    `${status}`,
    'content',
    media!,
    'schema',
  )
  return validate(body) ? undefined : validate.errors
}

describe('the OpenAPI document', () => {
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

const names = { account: ['a'], model: ['m', 'qwen-plus'] }
const source = {
  ajv,
  names,
  resolve: (reference: string) => openApi.components.schemas[reference.replace('#/components/schemas/', '')]!,
}

/** The names of the fields that a part of the document knows, there and in what it refers to. */
function documentedFields(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const { $ref, properties = {} } = part as { readonly $ref?: string; readonly properties?: object }
  const inner = [...Object.values(part), $ref && source.resolve($ref)].flatMap(documentedFields)
  return [...Object.keys(properties), ...inner]
}

const fields = documentedFields(openApi.components.schemas)

/** What the document cannot say: which accounts and models there are, and that no two limits of a list are about one window. */
function isBeyondSchema(problem: string): boolean {
  const [, got = '""'] = /\.(?:account|model)` to be one of .*, got ("(?:[^"\\]|\\.)*")/.exec(problem) ?? []
  return JSON.parse(got).trim() !== '' || problem.endsWith(' ms" twice')
}

/** Bodies that the server takes, written by hand: between them they have every field. */
const examples: { readonly [K in keyof Bodies]: readonly [Bodies[K], ...Bodies[K][]] } = {
  reset: [{ seed: 7 }, {}],
  limits: [{ account: 'a', model: 'm', limits: [requests(5), { rule: 'tpm', limit: 9, window: 1000 }] }],
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

  /** The problems that the document could foresee. */
  async function problemsOf(body: unknown): Promise<readonly string[]> {
    // As JSON, since the door sends a text as it is, and an empty text is no body at all.
    const [status, reply] = await ask('POST', action, JSON.stringify(body))
    expect(mismatch('POST', path, status, reply)).toBeUndefined()
    expect([200, 400]).toContain(status)
    return status === 200 ? [] : reply.problems.filter((problem) => !isBeyondSchema(problem))
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
      const schema = parameters.find((each) => each.name === name)?.schema
      if (schema === undefined) return false
      const isNumber = schema.type === 'integer' && value.trim() !== ''
      return ajv.validate(schema, isNumber ? Number(value) : value)
    })
    const [status, reply] = await door(made).ask('GET', `journal?${new URLSearchParams(query)}`)
    expect(mismatch('GET', '/_ratelab/journal', status, reply)).toBeUndefined()
    const problems = status === 200 ? [] : reply.problems.filter((problem) => !isBeyondSchema(problem))
    expect(problems.length === 0, JSON.stringify([query, problems])).toBe(isRight)
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
