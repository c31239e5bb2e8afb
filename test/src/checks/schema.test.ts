import { fc, test as property } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { definitionsAt, numberSchema } from '../../../src/checks/schema.ts'
import { numberProblem } from '../../../src/core/expect.ts'

describe('definitions', () => {
  test('are written once, with what they refer to', () => {
    const { refer, definitions } = definitionsAt('#/parts/')
    let written = 0
    const wheel = { schema: () => ({ title: `wheel ${++written}` }) }
    const car = { schema: () => ({ items: refer('Wheel', wheel) }) }
    expect([refer('Car', car), refer('Wheel', wheel), refer('Car', car)]).toEqual([
      { $ref: '#/parts/Car' },
      { $ref: '#/parts/Wheel' },
      { $ref: '#/parts/Car' },
    ])
    expect(definitions).toEqual({ Car: { items: { $ref: '#/parts/Wheel' } }, Wheel: { title: 'wheel 1' } })
  })
})

describe('the schema of a number', () => {
  const bound = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 1e15, Number.MAX_SAFE_INTEGER))
  const bounds = fc.record(
    { above: bound, atLeast: bound, atMost: bound, whole: fc.boolean() },
    { requiredKeys: [], noNullPrototype: true },
  )
  const number = fc.oneof(bound, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger())
  const ajv = new Ajv2020({ strict: false })

  property.prop([bounds, fc.array(number, { minLength: 20 })])('accepts what the check accepts', (bounds, values) => {
    const validate = ajv.compile(numberSchema(bounds))
    for (const value of [...values, 2 ** 60, -(2 ** 60), Number.MIN_SAFE_INTEGER])
      expect([value, validate(value)]).toEqual([value, numberProblem('n', value, bounds) === undefined])
  })
})
