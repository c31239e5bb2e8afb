import { fc, test as property } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { BadRequest } from '../../../../sim/wire/request/bad-request.ts'
import { schemaInstance } from '../../../../sim/wire/request/schema-instance.ts'

const ajv = new Ajv2020({ strict: false, validateFormats: false })

const bounds = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 50 }))

const scalar = fc.oneof(
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: 'null' }),
  fc.constant({ type: 'string', format: 'date' }),
  fc.constant({ $ref: '#/$defs/shared~1thing' }),
  fc.jsonValue({ maxDepth: 1 }).map((value) => ({ const: value })),
  fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 3 }).map((values) => ({ enum: values })),
  bounds.map(([least, more]) => ({ type: 'integer', minimum: least, maximum: least + more })),
  bounds.map(([least, more]) => ({ type: 'integer', exclusiveMinimum: least, exclusiveMaximum: least + more + 1 })),
  bounds.map(([least, more]) => ({ type: 'number', exclusiveMinimum: least, exclusiveMaximum: least + more })),
  bounds.map(([least, step]) => ({ type: 'integer', minimum: least, multipleOf: step })),
  bounds.map(([most]) => ({ type: 'number', exclusiveMaximum: most })),
  bounds.map(([least, more]) => ({
    type: ['null', 'string'],
    minLength: Math.abs(least),
    maxLength: Math.abs(least) + more,
  })),
)

const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 6, depthSize: 'large' },
    scalar,
    fc.dictionary(fc.string({ maxLength: 5 }), tie('schema'), { maxKeys: 3 }).chain((properties) =>
      fc.subarray(Object.keys(properties)).map((required) => ({
        type: 'object',
        properties,
        required,
        additionalProperties: false,
      })),
    ),
    fc.tuple(tie('schema'), fc.nat(3), fc.nat(3)).map(([items, minItems, more]) => ({
      type: 'array',
      items,
      minItems,
      maxItems: minItems + more,
    })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.tuple(tie('schema'), tie('schema')).map((prefixItems) => ({ type: 'array', prefixItems, items: false })),
  ),
}))

describe('an instance', () => {
  property.prop([schema])('conforms to the schema, and is the same each time', (each) => {
    const root = { ...each, $defs: { 'shared/thing': { type: 'string', minLength: 2 } } }
    const instance = schemaInstance(root)
    const isValid = ajv.compile(root)
    if (!isValid(instance)) expect.fail(`${JSON.stringify(instance)} of ${JSON.stringify(root)}`)
    expect(schemaInstance(root)).toEqual(instance)
  })

  property.prop([
    fc.object({
      maxDepth: 5,
      key: fc.constantFrom('type', 'items', '$ref', 'anyOf', 'allOf', 'enum', 'properties', 'required', 'a'),
    }),
  ])('of an invalid schema is any JSON value', (nonsense) => {
    expect(() => JSON.stringify(schemaInstance(nonsense))).not.toThrow()
  })

  test('conforms to all schemas of allOf', () => {
    const root = {
      allOf: [{ $ref: '#/$defs/a' }, { type: 'object', properties: { y: { type: 'boolean' } }, required: ['y'] }],
      $defs: { a: { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] } },
    }
    expect(schemaInstance(root)).toEqual({ x: 1, y: true })
  })

  test('of a recursive schema ends', () => {
    const list = {
      type: 'object',
      properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } },
      required: ['next'],
    }
    expect(ajv.compile(list)(schemaInstance(list))).toBe(true)
    const tree = { type: 'object', properties: { children: { type: 'array', items: { $ref: '#' } } } }
    expect(ajv.compile(tree)(schemaInstance(tree))).toBe(true)
  })

  const refers = (name: string) => ({ $ref: `#/$defs/${name}` })
  const many = (count: number, value: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, value]))
  const names = Object.keys(many(20, 0))
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => {
      const next = refers(`d${i + 1}`)
      return [`d${i}`, { type: 'object', properties: { a: next, b: next }, required: ['a', 'b'] }]
    }),
  )
  const often = (items: object) => ({ type: 'array', minItems: 20_000, items })

  test.each([
    ['fields that refer to the whole', { type: 'object', properties: many(20, { $ref: '#' }), required: names }],
    ['references that double', { ...refers('d0'), $defs: doubling }],
    ['a long list', { type: 'array', minItems: 1e9, items: { enum: ['x'.repeat(50_000)] } }],
    ['a list of nulls', { type: 'array', minItems: 1e9, items: { type: 'null' } }],
    ['a long text', { type: 'string', minLength: 1e9 }],
    ['an endless text', { type: 'string', minLength: Infinity }],
    ['a long constant', { const: { a: ['x'.repeat(300_000)] } }],
    ['a constant that is referred to often', { ...often(refers('c')), $defs: { c: { const: 'x'.repeat(100) } } }],
    ['a long reference', often({ $ref: `#${'/a'.repeat(1000)}` })],
    ['a schema with many fields', { ...often(refers('f')), $defs: { f: { ...many(1000, 0), type: 'null' } } }],
    ['an object with many properties', { ...often(refers('o')), $defs: { o: { properties: many(1000, {}) } } }],
    [
      'many required names',
      { ...often(refers('r')), $defs: { r: { type: 'object', required: Array(1000).fill('a') } } },
    ],
    ['many alternatives', { ...often(refers('a')), $defs: { a: { anyOf: Array(1000).fill({ type: 'null' }) } } }],
    ['many types', { ...often(refers('t')), $defs: { t: { type: Array(1000).fill('null') } } }],
    ['many first items', { ...often(refers('i')), $defs: { i: { prefixItems: Array(1000).fill({}), maxItems: 0 } } }],
    ['many parts', { ...often(refers('m')), $defs: { m: { allOf: Array(1000).fill({ type: 'null' }) } } }],
    ['nested parts', { allOf: Array(1000).fill({ properties: many(1000, {}) }) }],
    ['texts that save steps', often({ type: 'string', maxLength: -1e9 })],
  ])('of a schema that asks for too much is refused: %s', (_, root) => {
    expect(() => schemaInstance(root)).toThrow(
      new BadRequest({
        name: 'too-much-work',
        detail: 'a JSON Schema asks for more than 200,000 characters or parts of it',
      }),
    )
  })

  test('of a schema that is nothing but a reference to itself is null', () => {
    expect(schemaInstance({ $ref: '#' })).toBeNull()
  })

  test('may be long', () => {
    const instance = schemaInstance({ properties: { a: { type: 'string', minLength: 90_000 }, ...many(2000, {}) } })
    expect(JSON.stringify(instance).length).toBeGreaterThan(90_000 + 2000 * 'text'.length)
  })

  test('may have names of the prototype', () => {
    const root = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"integer"},"toString":{"type":"null"}}}',
    )
    expect(JSON.stringify(schemaInstance(root))).toBe('{"__proto__":1,"toString":null}')
  })
})
