import { fc, test as property } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { mostProblems } from '../../../src/checks/problems.ts'
import { definitionsAt } from '../../../src/checks/schema.ts'
import {
  about,
  anyText,
  byName,
  type Check,
  type Checks,
  distinct,
  flag,
  list,
  named,
  number,
  object,
  oneOf,
  optional,
  repeated,
  type Shape,
  type TypeOf,
  text,
} from '../../../src/checks/shape.ts'

interface Cup {
  readonly name: string
  readonly litres: number
  readonly lid?: boolean
}

const cup = object({ name: text, litres: number({ above: 0 }), lid: optional(flag) } satisfies Checks<Cup>)

describe('an object', () => {
  test('has no problem when every field is right', () => {
    expect(cup('cup', { name: 'mug', litres: 0.3 })).toEqual([])
    expect(cup('cup', { name: 'mug', litres: 0.3, lid: true })).toEqual([])
    expect(cup('cup', { name: 'mug', litres: 0.3, lid: undefined })).toEqual([])
  })

  test('has a sentence for every problem, each with its path', () => {
    expect(cup('cup', { name: ' ', litres: -1, lid: 'yes' })).toEqual([
      'Expected `cup.name` to be a text that is not empty, got " "',
      'Expected `cup.litres` to be > 0, got -1',
      'Expected `cup.lid` to be true or false, got "yes"',
    ])
  })

  test('has a problem when a field is missing', () => {
    expect(cup('cup', { name: 'mug' })).toEqual(['Expected `cup.litres` to be a finite number > 0, got undefined'])
  })

  test('has a suggestion for a misspelled field', () => {
    expect(cup('cup', { name: 'mug', litres: 1, litrs: 2 })).toEqual([
      'Expected `cup` to have no fields but name, litres, lid, got "litrs"; did you mean litres?',
    ])
    expect(cup('', { name: 'mug', litres: 1, handle: 2 })).toEqual([
      'Expected the scenario to have no fields but name, litres, lid, got "handle"',
    ])
  })

  test.each([
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a list', [], 'a list'],
    ['a function', () => 0, 'a function'],
    ['a number', 3, '3'],
  ])('is not %s', (_what, value, shown) => {
    expect(cup('cup', value)).toEqual([`Expected \`cup\` to be an object, got ${shown}`])
  })

  test('ignores fields of the prototype, and sees an own field with such a name', () => {
    const odd: unknown = JSON.parse('{"name":"mug","litres":1,"__proto__":{},"constructor":1}')
    expect(cup('cup', odd)).toHaveLength(2)
  })
})

describe('a list', () => {
  test('names each item by its index', () => {
    expect(list(text)('names', ['a', 3, ''])).toEqual([
      'Expected `names[1]` to be a text that is not empty, got 3',
      'Expected `names[2]` to be a text that is not empty, got ""',
    ])
  })

  test('may require at least one item', () => {
    expect(list(text)('names', [])).toEqual([])
    expect(list(text, 1)('names', [])).toEqual(['Expected `names` to have at least one item, got none'])
    expect(list(text, 1)('names', 'a')).toEqual(['Expected `names` to be a list, got "a"'])
  })

  test('reports a hole as a missing item', () => {
    expect(list(text)('names', new Array(2))).toHaveLength(2)
  })

  test('may require distinct items', () => {
    expect(distinct(list(text))('names', ['a', 'b', 'a', 'a'])).toEqual([
      'Expected `names[2]` to differ from `names[0]`, got "a" twice',
      'Expected `names[3]` to differ from `names[0]`, got "a" twice',
    ])
    expect(distinct(list(text))('names', null)).toEqual(['Expected `names` to be a list, got null'])
  })

  test('repeated compares a field of the items, and ignores items whose field is not a text', () => {
    const nameOf = (item: unknown) => (item as { name?: unknown }).name
    expect(repeated('cups', [{ name: 'a' }, {}, {}, { name: 'a' }], '.name', nameOf)).toEqual([
      'Expected `cups[3].name` to differ from `cups[0].name`, got "a" twice',
    ])
  })
})

test('of a list or of named fields no more problems are found than are shown', () => {
  const wrong = Array.from({ length: 50_000 }, () => 'wrong')
  expect(list(oneOf(['right']))('names', wrong)).toHaveLength(mostProblems + 1)
  expect(byName(text, oneOf(['right']))('names', { ...wrong })).toHaveLength(mostProblems + 1)
  expect(object({})('names', { ...wrong })).toHaveLength(mostProblems + 1)
  expect(list(oneOf(['right']))('names', [...Array(50_000).fill('right'), 'wrong'])).toHaveLength(1)
})

describe('oneOf', () => {
  test.each([
    ['split', []],
    ['splt', ['Expected `charge` to be one of split, reserve, got "splt"; did you mean split?']],
    ['toString', ['Expected `charge` to be one of split, reserve, got "toString"']],
    [7, ['Expected `charge` to be one of split, reserve, got 7']],
    [{ toString: null }, ['Expected `charge` to be one of split, reserve, got an object']],
  ])('%j', (value, problems) => {
    expect(oneOf(['split', 'reserve'])('charge', value)).toEqual(problems)
  })
})

describe('an object whose fields the user names', () => {
  const sizes = byName(oneOf(['small', 'large']), number({ above: 0 }))

  test('has its names and its values checked', () => {
    expect(sizes('sizes', { small: 1, larg: 0 })).toEqual([
      'Expected `sizes` to be one of small, large, got "larg"; did you mean large?',
      'Expected `sizes["larg"]` to be > 0, got 0',
    ])
    expect(sizes('sizes', [])).toEqual(['Expected `sizes` to be an object, got a list'])
  })
})

describe('the type of a shape', () => {
  test('is that of the values it accepts', () => {
    expectTypeOf<TypeOf<typeof cup>>().toEqualTypeOf<Cup>()
    const shelf = object({
      cups: list(cup),
      order: oneOf(['size', 'age']),
      byRoom: optional(byName(text, distinct(list(text)))),
      note: about(optional(anyText), 'A note.'),
      first: named('Cup', cup),
    })
    expectTypeOf<TypeOf<typeof shelf>>().toEqualTypeOf<{
      readonly cups: readonly Cup[]
      readonly order: 'size' | 'age'
      readonly byRoom?: Readonly<Record<string, readonly string[]>>
      readonly note?: string
      readonly first: Cup
    }>()
  })

  test('is unknown where a check has no schema, and may not lack a field or have another', () => {
    const plain: Check = () => []
    const odd = object({ thing: plain })
    expectTypeOf<TypeOf<typeof odd>>().toEqualTypeOf<{ readonly thing: unknown }>()
    // @ts-expect-error: it lacks `litres`.
    object({ name: text, lid: optional(flag) } satisfies Checks<Cup>)
    // @ts-expect-error: a cup has no handle.
    object({ name: text, litres: number({}), lid: optional(flag), handle: flag } satisfies Checks<Cup>)
    // @ts-expect-error: litres are a number.
    object({ name: text, litres: text, lid: optional(flag) }) satisfies Shape<Cup>
  })
})

describe('the schema of a shape', () => {
  const ajv = new Ajv2020({ strict: false })
  const { refer, definitions } = definitionsAt('#/$defs/')

  test('is written as JSON Schema has it', () => {
    const shelf = object({
      cups: about(list(named('Cup', cup), 1), 'What stands on it.'),
      names: optional(distinct(list(text))),
      height: about(optional(number({ atLeast: 1, whole: true }), 30), 'In centimetres.'),
      plain: () => [],
    })
    expect(shelf.schema(refer)).toEqual({
      type: 'object',
      additionalProperties: false,
      required: ['cups', 'plain'],
      properties: {
        cups: { description: 'What stands on it.', type: 'array', minItems: 1, items: { $ref: '#/$defs/Cup' } },
        names: { type: 'array', items: { type: 'string', pattern: '\\S' }, uniqueItems: true },
        height: {
          description: 'In centimetres.',
          type: 'integer',
          minimum: 1,
          maximum: Number.MAX_SAFE_INTEGER,
          default: 30,
        },
        plain: {},
      },
    })
    expect(definitions).toEqual({
      Cup: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'litres'],
        properties: {
          name: { type: 'string', pattern: '\\S' },
          litres: { type: 'number', exclusiveMinimum: 0 },
          lid: { type: 'boolean' },
        },
      },
    })
  })

  const bounds = fc.record(
    {
      above: fc.integer({ min: -5, max: 5 }),
      atLeast: fc.integer({ min: -5, max: 5 }),
      atMost: fc.integer({ min: -5, max: 5 }),
      whole: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  const plainShapes = fc.oneof<fc.Arbitrary<Shape>[]>(
    fc.constantFrom<Shape>(text, anyText, flag, oneOf(['a', true])),
    bounds.map(number),
  )
  const { shape: anyShape } = fc.letrec<{ shape: Shape }>((tie) => ({
    shape: fc.oneof(
      { maxDepth: 3 },
      plainShapes,
      fc.tuple(tie('shape'), fc.constantFrom<(0 | 1)[]>(0, 1)).map(([item, least]) => list(item, least)),
      tie('shape').map((item) => byName(oneOf(['a', 'b']), item)),
      fc.tuple(tie('shape'), tie('shape')).map(([a, b]) => object({ a, b: optional(b) })),
      fc.constant(distinct(list(text))),
      tie('shape').map((shape) => about(shape, 'Something.')),
    ),
  }))
  const anyNumber = fc.oneof(fc.integer({ min: -6, max: 6 }), fc.constantFrom(0.5, -0.5, 2 ** 53, -(2 ** 60)))
  const { value: anyValue } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<unknown>(null, true, false, '', ' ', 'a', '\ufeff'),
      anyNumber,
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value'), { maxKeys: 2 }),
    ),
  }))

  property.prop([anyShape, fc.array(anyValue, { minLength: 5, maxLength: 30 })], { numRuns: 200 })(
    'accepts what the check accepts, and nothing else',
    (shape, values) => {
      const validate = ajv.compile(shape.schema(refer))
      for (const each of values) {
        const value: unknown = JSON.parse(JSON.stringify(each))
        const problems = shape('it', value)
        expect(validate(value), JSON.stringify([value, problems, shape.schema(refer)])).toBe(problems.length === 0)
      }
    },
  )
})
