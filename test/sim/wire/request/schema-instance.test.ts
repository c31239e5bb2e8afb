import { fc, test as property } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
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

  test('of a very large schema is cut off', () => {
    const properties = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, { $ref: '#' }]))
    const wide = { type: 'object', properties, required: Object.keys(properties) }
    const long = { type: 'array', minItems: 1e9, items: { enum: ['x'.repeat(50_000)] } }
    const loop = { allOf: [{ $ref: '#' }], $ref: '#' }
    for (const root of [wide, long, loop, { $ref: '#' }, { type: 'string', minLength: 1e9 }])
      expect(JSON.stringify(schemaInstance(root)).length).toBeLessThan(500_000)
  })

  test('leaves out what nests deeper than can be written', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    const properties = { a: { const: deep }, b: { enum: [deep] }, c: { const: [[1]] } }
    expect(schemaInstance({ type: 'object', properties })).toEqual({ a: null, b: null, c: [[1]] })
  })

  test('may have names of the prototype', () => {
    const root = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"integer"},"toString":{"type":"null"}}}',
    )
    expect(JSON.stringify(schemaInstance(root))).toBe('{"__proto__":1,"toString":null}')
  })
})
