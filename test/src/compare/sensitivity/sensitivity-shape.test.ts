import { test } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect } from 'vitest'
import { sensitivityFormat, sensitivityShape } from '../../../../src/compare/sensitivity/sensitivity-shape.ts'
import { jsonSensitivity } from '../../../../src/report/sensitivity/json-sensitivity.ts'
import schema from '../../../../src/report/sensitivity/sensitivity.schema.json' with { type: 'json' }
import { anySensitivity } from '../../../golden/any-sensitivity.ts'
import { sensitivity } from '../../../golden/sensitivity.ts'

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema)
const written = () => JSON.parse(jsonSensitivity(sensitivity))

describe('the shape and the schema of a sensitivity', () => {
  test('`npm test -- -u` writes the schema', async () => {
    const computed = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:ratelab:sensitivity:1',
      title: 'ratelab sensitivity',
      description:
        'Which conclusions of a study other values of the provider’s switches flip or weaken. Numbers are exact: a report is made from this file, too. The same study gives the same bytes.',
      ...sensitivityShape.schema(() => {
        throw new Error('The shape has no named parts.')
      }),
    }
    await expect(`${JSON.stringify(computed, null, 2)}\n`).toMatchFileSnapshot(
      '../../../../src/report/sensitivity/sensitivity.schema.json',
    )
  })

  test('accept what the renderer writes', () => {
    expect(sensitivityShape('', written())).toEqual([])
    expect(validate(written()), JSON.stringify(validate.errors)).toBe(true)
  })

  test.prop([anySensitivity])('accept it whatever the study', (any) => {
    const value = JSON.parse(jsonSensitivity(any))
    expect(sensitivityShape('', value)).toEqual([])
    expect(validate(value), JSON.stringify(validate.errors)).toBe(true)
  })

  test.each<[string, (value: ReturnType<typeof written>) => void, RegExp]>([
    ['another format', (value) => Object.assign(value, { schema: 'ratelab.sensitivity/2' }), /`schema` to be one of/],
    ['an unknown field', (value) => Object.assign(value, { extra: 1 }), /no fields but/],
    ['no seeds', (value) => Object.assign(value.study, { seeds: [] }), /`study\.seeds` to have at least one item/],
    ['another kind', (value) => Object.assign(value.conclusions[0], { kind: 'leads' }), /did you mean lead\?/],
    [
      'a value of no kind',
      (value) => Object.assign(value.study.switches, { window: null }),
      /to be a text, a number, true or false, got null/,
    ],
    [
      'another outcome',
      (value) => Object.assign(value.alternatives[0].changes[0], { outcome: 'flip' }),
      /flips, weakens/,
    ],
  ])('accept no file with %s', (_what, change, problem) => {
    const value = written()
    change(value)
    expect(sensitivityShape('', value)[0]).toMatch(problem)
    expect(validate(value)).toBe(false)
  })

  test('accept no alternative to a switch that the study does not have', () => {
    const value = written()
    value.alternatives[0].switch = 'windw'
    expect(sensitivityShape('', value)).toEqual([
      expect.stringMatching(/^Expected `alternatives\[0\]\.switch` to be one of window, .* did you mean window\?$/),
    ])
  })

  test.each(['figures', 'under'])('accept no change without a figure for each strategy in `%s`', (name) => {
    const value = written()
    value.alternatives[0].changes[0][name] = []
    expect(sensitivityShape('', value)).toEqual([
      `Expected \`alternatives[0].changes[0].${name}\` to have a figure for each of ${value.alternatives[0].changes[0].strategies.length} strategies, got 0`,
    ])
  })
})

test('the format has its name', () => {
  expect(written().schema).toBe(sensitivityFormat)
})
