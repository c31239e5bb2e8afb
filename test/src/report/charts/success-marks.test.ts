import type { Chart } from 'chart.js'
import { expect, test } from 'vitest'
import type { Row } from '../../../../src/compare/comparison.ts'
import { answerableShare, successMarks } from '../../../../src/report/charts/success-marks.ts'
import { comparison } from '../../../golden/comparison.ts'

const { rows, calls } = comparison.cases[0]!
const [pace, queue] = rows as [Row, Row]

/** The calls of the canvas that a plugin makes, on a chart where the value x of row y is at the pixel (10 x, 100 y). */
function drawn(plugin: ReturnType<typeof successMarks>): unknown[][] {
  const log: unknown[][] = []
  const ctx = new Proxy({} as Record<string, unknown>, {
    get: (fields, name: string) =>
      fields[name] ??
      ((...values: unknown[]) => {
        log.push([name, ...values.map((value) => (typeof value === 'number' ? Math.round(value) : value))])
        return { width: 50 }
      }),
  })
  const scales = { x: { getPixelForValue: (x: number) => 10 * x }, y: { getPixelForValue: (y: number) => 100 * y } }
  const hook = plugin.afterDatasetsDraw as (chart: Chart) => void
  hook({ ctx, scales } as unknown as Chart)
  return log
}

test('the diamond is at the efficiency, the whisker spans the interval, and the value is to the right of the bar', () => {
  const log = drawn(successMarks([queue], calls, []))
  expect(log).toContainEqual(['moveTo', 874 - 6, 0])
  expect(log).toContainEqual(['moveTo', 862, 0])
  expect(log).toContainEqual(['lineTo', 886, 0])
  expect(log).toContainEqual(['fillText', '87.4 %', 886 + 8, 0])
})

test('a strategy of rank 1 has the word `best`', () => {
  expect(drawn(successMarks([pace], calls, [pace]))).toContainEqual(['fillText', '100 %  best', 1000 + 8, 0])
})

test('a line marks the calls that the quota can answer, unless it can answer all', () => {
  const half = { ...pace, optimum: { ...pace.optimum, bound: { value: 1000, low: 1000, high: 1000 } } }
  expect(answerableShare(half, calls)).toBe(0.5)
  expect(drawn(successMarks([half], calls, []))).toContainEqual(['moveTo', 500, -15])
  expect(drawn(successMarks([pace], calls, [])).filter(([name]) => name === 'setLineDash')).toEqual([])
})
