import type { Chart } from 'chart.js'
import { describe, expect, test } from 'vitest'
import type { Row } from '../../../../src/compare/comparison.ts'
import {
  boundPlace,
  type EfficiencyLine,
  efficiencyMarks,
  valueTexts,
} from '../../../../src/report/charts/efficiency-marks.ts'
import { ink } from '../../../../src/report/charts/palette.ts'
import { comparison } from '../../../golden/comparison.ts'
import { measure } from '../../../golden/measure.ts'

const [pace, queue] = comparison.cases[0]!.rows as [Row, Row]

/** The calls of the canvas that the marks make, on a chart where the share x in line y is at the pixel (10 x, 100 y). */
function drawn(rows: readonly Row[], leaders: readonly Row[] = []): unknown[][] {
  const heading = { heading: '1 account', bound: boundPlace(rows[0]!), rows: rows.length }
  const lines: EfficiencyLine[] = [heading, ...rows.map((row) => ({ row, name: row.id, rank: '1' }))]
  const plugin = efficiencyMarks({
    lines,
    leaders,
    values: valueTexts(rows, leaders, measure),
    rankWidth: 10,
    end: 120,
    measure,
  })
  const log: unknown[][] = []
  const ctx = new Proxy({} as Record<string, unknown>, {
    get: (fields, name: string) =>
      fields[name] ??
      ((...values: unknown[]) => {
        log.push([name, ...values.map((value) => (typeof value === 'number' ? Math.round(value) : value))])
      }),
    set(fields, name: string, value) {
      if (name === 'strokeStyle') log.push([name, value])
      fields[name] = value
      return true
    },
  })
  const scales = { x: { getPixelForValue: (x: number) => 10 * x }, y: { getPixelForValue: (y: number) => 100 * y } }
  const chart = { ctx, scales, chartArea: { left: 0, right: 1200 } }
  for (const hook of [plugin.beforeDatasetsDraw, plugin.afterDatasetsDraw] as ((chart: Chart) => void)[])
    hook(chart as unknown as Chart)
  return log
}

describe('the marks of the chart of efficiency', () => {
  test('have the 95 % interval of the efficiency', () => {
    const log = drawn([queue])
    expect(log).toContainEqual(['moveTo', 862, 100])
    expect(log).toContainEqual(['lineTo', 886, 100])
  })

  test('have no interval with too few seeds', () => {
    const none = { value: 0.5, low: Number.NaN, high: Number.NaN }
    const log = drawn([{ ...queue, metrics: { ...queue.metrics, efficiency: none } }])
    expect(
      log.filter(([, x, y]) => y === 100 && x !== 1214 && x !== -14 && x !== -33 && typeof x === 'number'),
    ).toEqual([])
  })

  test('have both figures of each row, and the word `best` at rank 1', () => {
    const texts = drawn([pace, queue], [pace])
      .filter(([name]) => name === 'fillText')
      .map(([, text]) => text)
    expect(texts).toEqual([
      '1 account',
      'efficiency',
      'answered',
      '88.6 % best',
      '100 %',
      '1',
      'retry-pace',
      '87.4 %',
      '87.4 %',
      '1',
      'queue',
    ])
  })

  test('have lines at the reachable and at the bound, across the rows of the quota', () => {
    const log = drawn([pace, queue])
    const bound = Math.round(10 * boundPlace(pace))
    expect(log).toContainEqual(['moveTo', 1000, 50])
    expect(log).toContainEqual(['lineTo', 1000, 250])
    expect(log).toContainEqual(['moveTo', bound, 50])
    expect(log).toContainEqual(['strokeStyle', ink.limit])
  })

  test('leave out a bound that is beyond the axis', () => {
    const far = { ...pace, optimum: { ...pace.optimum, reachableShare: { value: 0.5, low: 0.5, high: 0.5 } } }
    expect(drawn([far])).not.toContainEqual(['strokeStyle', ink.limit])
  })
})
