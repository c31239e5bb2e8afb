import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { regressionOf } from '../../../../src/compare/regression.ts'
import { ink } from '../../../../src/report/charts/palette.ts'
import { regressionChart } from '../../../../src/report/charts/regression.ts'
import { anyStudy } from '../../../golden/any-study.ts'
import { measure } from '../../../golden/measure.ts'
import { regression } from '../regression/regressions.ts'

type Bar = readonly [low: number, high: number]
const barsOf = (own: typeof regression) =>
  regressionChart(own, measure).configuration.data.datasets[0]!.data as unknown as Bar[]

describe('the chart of differences', () => {
  const { data, options } = regressionChart(regression, measure).configuration

  test('has a line for each row that can be told from chance and has a percentage', () => {
    expect(data.labels).toEqual([
      'below-quota · queue · success',
      'below-quota · queue · wait p50',
      'below-quota · queue · wait p95',
      'below-quota · queue · makespan',
      'below-quota · queue · cost',
      'below-quota · retry-pace · attempts/call',
    ])
    expect(options!.plugins!.subtitle!.text).toContain('2 more that changed less, or have no percentage')
  })

  test('has the interval in percent of the first figure, and what became worse in its own colour', () => {
    const [success] = barsOf(regression)
    const { low, high } = regression.rows[0]!.difference
    expect(success![0]).toBeCloseTo((100 * low) / 0.91, 9)
    expect(success![1]).toBeCloseTo((100 * high) / 0.91, 9)
    expect((data.datasets[0]!.backgroundColor as string[]).indexOf(ink.limit)).toBe(0)
  })

  test('keeps to 100 % and to 40 rows, those that changed most', () => {
    const row = regression.rows.find(({ conclusion }) => conclusion === 'worse')!
    const changed = (value: number) => ({ ...row, difference: { value, low: value, high: value, p: 0 } })
    const bars = barsOf({ ...regression, rows: Array.from({ length: 50 }, (_, i) => changed(i / 50)) })
    expect(bars).toHaveLength(40)
    expect(bars[0]![0]).toBeCloseTo((100 * 0.2) / 0.91, 6)
    expect(bars.at(-1)![1]).toBe(100)
  })

  test('says when a difference is beyond the edge', () => {
    const row = regression.rows.find(({ conclusion }) => conclusion === 'worse')!
    const subtitleOf = (value: number) => {
      const rows = [{ ...row, difference: { value, low: value, high: value, p: 0 } }]
      return String(regressionChart({ ...regression, rows }, measure).configuration.options!.plugins!.subtitle!.text)
    }
    expect(subtitleOf(2 * row.before.value)).toContain('a dot at the edge: more than 100 %')
    expect(subtitleOf(-0.5 * row.before.value)).not.toContain('edge')
  })

  test.prop([anyStudy])('can be drawn of any results', (result) => {
    const { rows, ...rest } = regressionOf({ label: 'a', result }, { label: 'b', result })
    const changed = rows.map((row) => ({ ...row, difference: { ...row.after, p: 0 }, conclusion: 'worse' as const }))
    const bars = barsOf({ ...rest, rows: changed })
    expect(bars.flat().every((end) => Math.abs(end) <= 100)).toBe(true)
  })
})
