import { test } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect } from 'vitest'
import { sharingMetrics } from '../../../src/compare/metric-kinds.ts'
import { metricTable } from '../../../src/report/figures/metrics.ts'
import { json, schemaName, switchKey } from '../../../src/report/json.ts'
import schema from '../../../src/report/report.schema.json' with { type: 'json' }
import { restsOnSentences } from '../../../src/report/sentences/rests-on.ts'
import type { SwitchRow } from '../../../src/scenario/switch-table.ts'
import { anyComparison } from '../../golden/any-comparison.ts'
import { comparison, oneSeed } from '../../golden/comparison.ts'
import { sensitivity } from '../../golden/sensitivity.ts'
import { switchProperties } from '../scenario/switch-properties.ts'

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema)

function problems(text: string): unknown[] {
  validate(JSON.parse(text))
  return validate.errors ?? []
}

describe('the JSON report', () => {
  test('of two cases', async () => {
    await expect(json(comparison)).toMatchFileSnapshot('../../golden/files/report.json')
  })

  test('conforms to its schema', () => {
    expect(problems(json(comparison))).toEqual([])
    expect(problems(json(oneSeed))).toEqual([])
  })

  test('has null for infinite times, and for the intervals of one seed', () => {
    const row = (text: string) => JSON.parse(text).cases[0].strategies[1].metrics
    expect(row(json(comparison)).wait_p95_ms).toEqual({ value: null, low: 201_000, high: null })
    expect(row(json(oneSeed)).success).toEqual({ value: 0.8741, low: null, high: null })
  })

  test('has six significant digits', () => {
    const third = { ...comparison, cases: [{ ...comparison.cases[0]!, calls: 1_234_567.8 }] }
    expect(JSON.parse(json(third)).cases[0].calls).toBe(1_234_570)
  })

  test('does not depend on the order of a comparison’s keys', () => {
    const { switches, scenario, ...rest } = comparison
    const reversed = Object.fromEntries(Object.entries(switches).reverse()) as unknown as typeof switches
    expect(json({ ...rest, switches: reversed, scenario })).toBe(json(comparison))
  })
})

test('lists the strategies that failed, as the schema says', () => {
  const failed = [{ id: 'mine', message: 'It throws.' }]
  const text = json({ ...comparison, failed })
  expect(JSON.parse(text).failed).toEqual(failed)
  expect(problems(text)).toEqual([])
})

test('says first what of a trace was not replayed, as the schema says', () => {
  const replayed = { file: 'a.csv', format: 'Azure', rows: 9, outside: 2, skipped: 0, warnings: ['Odd.'] }
  const [first, ...others] = comparison.cases
  const text = json({ ...comparison, replayed, cases: [{ ...first!, late: 3 }, ...others] })
  const read = JSON.parse(text)
  expect(read).toMatchObject({ replayed, not_replayed: expect.stringContaining('9 rows') })
  expect(read.cases[0].late).toBe(3)
  expect(Object.keys(read).slice(0, 2)).toEqual(['schema', 'not_replayed'])
  expect(problems(text)).toEqual([])
  expect(problems(json({ ...comparison, replayed: { ...replayed, outside: 0, warnings: [] } }))).toEqual([])
})

test('says what each case rests on, if that was tried', () => {
  const text = json(comparison, sensitivity)
  expect(JSON.parse(text).cases.map((each: { rests_on: string[] }) => each.rests_on)).toEqual(
    comparison.cases.map(({ name }) => restsOnSentences(sensitivity, name)),
  )
  expect(problems(text)).toEqual([])
  expect(json(comparison)).not.toContain('rests_on')
})

describe('the schema', () => {
  test('does not accept an unknown field, another format or a wrong type', () => {
    expect(problems(json(comparison).replace('"model"', '"modell"'))).not.toEqual([])
    expect(problems(json(comparison).replace(schemaName, 'ratelab.report/3'))).not.toEqual([])
    expect(problems(json(comparison).replace('"rank": 1', '"rank": 1.5'))).not.toEqual([])
  })

  test('says of each switch what its row says; `npm test -- -u` writes the file', async () => {
    // A report shows numbers with six digits, so that its schema cannot have exact bounds.
    const valuesOf = ({ values }: SwitchRow) => (Array.isArray(values) ? { enum: values } : { type: 'number' })
    const switches = { ...schema.properties.switches, ...switchProperties(switchKey, valuesOf, '') }
    const computed = { ...schema, properties: { ...schema.properties, switches } }
    await expect(`${JSON.stringify(computed, null, 2)}\n`).toMatchFileSnapshot('../../../src/report/report.schema.json')
  })

  test('describes every field, and requires all but those that most reports do not have', () => {
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { properties, required, additionalProperties } = node as Record<string, unknown>
      if (properties) {
        const sharing = sharingMetrics.map((name) => `/$defs/strategy/properties/metrics/${metricTable[name].json}`)
        const rare = [
          '/failed',
          '/replayed',
          '/not_replayed',
          '/wire',
          '/sweeps',
          '/$defs/case/late',
          '/$defs/case/stated_limits',
          '/$defs/case/properties/stated_limits/items/soft',
          '/$defs/strategy/tenants',
          ...sharing,
        ]
        const isRequired = (name: string) => !rare.includes(`${path}/${name}`) && name !== 'rests_on'
        expect(required, path).toEqual(Object.keys(properties).filter(isRequired))
        expect(additionalProperties, path).toBe(false)
        for (const [name, field] of Object.entries(properties))
          expect((field as { description?: string }).description, `${path}/${name}`).toMatch(/^\S.{3,}/)
      }
      for (const [name, child] of Object.entries(node)) walk(child, `${path}/${name}`)
    }
    walk(schema, '')
  })
})

test.prop([anyComparison])('any comparison conforms to the schema', (any) => {
  expect(problems(json(any))).toEqual([])
})
