import { readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect } from 'vitest'
import { cellLines } from '../../../lab/cells/cell-lines.ts'
import { cellShape, headerShape } from '../../../lab/cells/cell-shape.ts'
import schema from '../../../lab/cells/cells.schema.json' with { type: 'json' }
import { metricNames } from '../../../src/report/figures/metrics.ts'
import { anyStudy } from '../../golden/any-study.ts'
import { exactValues, switchProperties } from '../../src/scenario/switch-properties.ts'
import { resultOf } from '../result-of.ts'

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).addSchema(schema)
const schemaOf = (part: string) => ajv.getSchema(`${schema.$id}#/$defs/${part}`)!
const line = ajv.getSchema(schema.$id)!

function problems(text: string): unknown[] {
  line(JSON.parse(text))
  return line.errors ?? []
}

test('the schema has each switch as its row describes it; `npm test -- -u` writes the file', async () => {
  const { study } = schema.$defs
  const switches = { ...study.properties.switches, ...switchProperties((name) => name, exactValues, '.') }
  const $defs = { ...schema.$defs, study: { ...study, properties: { ...study.properties, switches } } }
  const computed = `${JSON.stringify({ ...schema, $defs }, null, 2)}\n`
  await expect(computed).toMatchFileSnapshot('../../../lab/cells/cells.schema.json')
})

test('a real study is what the schema says, and the same study gives the same bytes', async () => {
  const write = async () => [...cellLines(await resultOf('burst', { seeds: [1, 2], set: ['arrivals.calls=40'] }))]
  const lines = await write()
  expect(lines).toHaveLength(1 + 2 * (11 + 11 + 3))
  expect(lines.flatMap(problems)).toEqual([])
  expect(lines.join('')).toBe((await write()).join(''))
})

test.prop([anyStudy])('any study is what the schema says', (study) => {
  for (const text of cellLines(study)) {
    expect(problems(text)).toEqual([])
    expect(text.indexOf('\n')).toBe(text.length - 1)
  }
})

// One place of a line is changed: what the reader takes and what the schema allows must be the same.
const hostile = fc.constantFrom<unknown>(
  ...[null, true, -1, 0, 1.5, 7, 1e300, 2 ** 53, '', ' ', 'x', '7', 'Infinity', 'NaN', '-Infinity', [], [1], {}],
)
type Container = Record<string, unknown>

/** Every object and list in a value. */
function containersIn(value: unknown): Container[] {
  if (typeof value !== 'object' || value === null) return []
  return [value as Container, ...Object.values(value).flatMap(containersIn)]
}

function damaged(text: string, dice: readonly [number, number, number], value: unknown): unknown {
  const copy = JSON.parse(text)
  const containers = containersIn(copy)
  const container = containers[dice[0] % containers.length]!
  const names = Object.keys(container)
  const name = names[dice[1] % Math.max(1, names.length)] ?? 'x'
  if (dice[2] === 0 && !Array.isArray(container)) delete container[name]
  else if (dice[2] === 1 && !Array.isArray(container)) container.more = value
  else container[name] = value
  return copy
}

const dice = fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 4 }))

describe('a line with one thing wrong', () => {
  test.prop([anyStudy, dice, hostile], { numRuns: 2000 })('is a cell to both or to neither', (study, thrown, value) => {
    const [, first] = cellLines(study)
    const cell = damaged(first!, thrown, value)
    expect(cellShape('cell', cell).length === 0).toBe(schemaOf('cell')(cell))
  })

  test.prop([anyStudy, dice, hostile], { numRuns: 2000 })(
    'is no study to the reader where the schema has none',
    (study, thrown, value) => {
      const [header] = cellLines(study)
      const changed = damaged(header!, thrown, value)
      // What one line cannot say by itself, such as that a baseline is a case, is the reader's alone.
      if (headerShape('study', changed).length === 0 && (changed as Container).schema === 'ratelab.cells/1')
        expect([schemaOf('study')(changed), changed]).toEqual([true, changed])
    },
  )
})

test('the example in docs/cells.md is what its command writes', async () => {
  const docs = readFileSync(new URL('../../../docs/cells.md', import.meta.url), 'utf8')
  expect(docs).toContain('`ratelab run steady --strategies none --seeds 2 --set arrivals.until=3000` writes five lines')
  const options = { strategies: ['none'], seeds: [1, 2], set: ['arrivals.until=3000'] }
  const lines = [...cellLines(await resultOf('steady', options))]
  const examples = [...docs.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => JSON.parse(json!))
  expect(examples).toEqual([lines[0], lines[4]].map((line) => JSON.parse(line!)))
  expect(lines).toHaveLength(5)
})

describe('the schema', () => {
  test('describes every field', () => {
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { properties, additionalProperties } = node as Record<string, unknown>
      if (properties) {
        expect(additionalProperties, path).toBe(false)
        for (const [name, field] of Object.entries(properties)) {
          const { description, $ref } = field as Record<string, string>
          if ($ref !== '#/$defs/metrics') expect(description, `${path}/${name}`).toMatch(/^[A-Z].{3,}\.$/s)
        }
      }
      for (const [name, child] of Object.entries(node)) walk(child, `${path}/${name}`)
    }
    walk(schema, '')
  })

  test('has the metrics of today', () => {
    expect(Object.keys(schema.$defs.metrics.properties).sort()).toEqual([...metricNames].sort())
  })
})
