import { readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect } from 'vitest'
import { cellLines } from '../../../lab/cells/cell-lines.ts'
import { cellShape, headerShape } from '../../../lab/cells/cell-shape.ts'
import schema from '../../../lab/cells/cells.schema.json' with { type: 'json' }
import { metricNames } from '../../../src/compare/metric-kinds.ts'
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

test('the switches in the schema are computed from the table of switches; `npm test -- -u` writes the file', async () => {
  const { study } = schema.$defs
  const switches = { ...study.properties.switches, ...switchProperties((name) => name, exactValues, '.') }
  const $defs = { ...schema.$defs, study: { ...study, properties: { ...study.properties, switches } } }
  const computed = `${JSON.stringify({ ...schema, $defs }, null, 2)}\n`
  await expect(computed).toMatchFileSnapshot('../../../lab/cells/cells.schema.json')
})

test('a real study is valid by the schema, and the same study gives the same bytes', async () => {
  const write = async () => [...cellLines(await resultOf('burst', { seeds: [1, 2], set: ['arrivals.calls=40'] }))]
  const lines = await write()
  expect(lines).toHaveLength(1 + 2 * (17 + 17 + 3 + 3))
  expect(lines.flatMap(problems)).toEqual([])
  expect(lines.join('')).toBe((await write()).join(''))
})

test.prop([anyStudy])('any study is valid by the schema, and each line ends with its only line feed', (study) => {
  for (const text of cellLines(study)) {
    expect(problems(text)).toEqual([])
    expect(text.indexOf('\n')).toBe(text.length - 1)
  }
})

// One place of a line is changed. The reader's check and the schema must then accept or refuse the line alike.
const wrongValues = fc.constantFrom<unknown>(
  ...[null, true, -1, 0, 1.5, 7, 1e300, 2 ** 53, '', ' ', 'x', '7', 'Infinity', 'NaN', '-Infinity', [], [1], {}],
)
type Container = Record<string, unknown>

/** Returns every object and list in a value, the value itself included. */
function containersIn(value: unknown): Container[] {
  if (typeof value !== 'object' || value === null) return []
  return [value as Container, ...Object.values(value).flatMap(containersIn)]
}

/** A random change: the number of an object or list, the number of a field in it, and what happens to that field. */
const changes = fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 4 }))

/** Returns the line with one field removed, added, or replaced by a value. */
function withChange(line: string, [containerNumber, fieldNumber, action]: readonly number[], value: unknown): unknown {
  const copy = JSON.parse(line)
  const containers = containersIn(copy)
  const container = containers[containerNumber! % containers.length]!
  const names = Object.keys(container)
  const name = names[fieldNumber! % Math.max(1, names.length)] ?? 'x'
  if (action === 0 && !Array.isArray(container)) delete container[name]
  else if (action === 1 && !Array.isArray(container)) container.more = value
  else container[name] = value
  return copy
}

describe('a line with one change', () => {
  test.prop([anyStudy, changes, wrongValues], { numRuns: 2000 })(
    'is a cell by the check exactly when it is one by the schema',
    (study, change, value) => {
      const [, first] = cellLines(study)
      const cell = withChange(first!, change, value)
      expect(cellShape('cell', cell).length === 0).toBe(schemaOf('cell')(cell))
    },
  )

  test.prop([anyStudy, changes, wrongValues], { numRuns: 2000 })(
    'is a study by the schema when it is one by the check',
    (study, change, value) => {
      const [header] = cellLines(study)
      const changed = withChange(header!, change, value)
      // The reverse does not hold: the schema cannot say that a baseline must be the name of a case.
      if (headerShape('study', changed).length === 0 && (changed as Container).schema === 'ratelab.cells/2')
        expect([schemaOf('study')(changed), changed]).toEqual([true, changed])
    },
  )
})

test('the example in docs/cells.md equals what its command writes', async () => {
  const docs = readFileSync(new URL('../../../docs/cells.md', import.meta.url), 'utf8')
  expect(docs).toContain('`ratelab run steady --strategies none --seeds 2 --set arrivals.until=3000` writes five lines')
  const options = { strategies: ['none'], seeds: [1, 2], set: ['arrivals.until=3000'] }
  const lines = [...cellLines(await resultOf('steady', options))]
  const [header, cell] = [...docs.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => JSON.parse(json!))
  const [study, , , , last] = lines.map((line) => JSON.parse(line))
  // The example shows three of the switches, so that a new switch does not change it.
  expect(Object.keys(header.switches)).toHaveLength(3)
  expect(study.switches).toMatchObject(header.switches)
  expect({ ...study, switches: header.switches }).toEqual(header)
  expect(last).toEqual(cell)
  expect(lines).toHaveLength(5)
})

describe('the schema', () => {
  test('has a description of every field', () => {
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

  test('has exactly the metrics of a summary', () => {
    expect(Object.keys(schema.$defs.metrics.properties).sort()).toEqual([...metricNames].sort())
  })
})
