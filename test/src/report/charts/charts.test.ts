import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { CaseComparison } from '../../../../src/compare/comparison.ts'
import { leadersOf } from '../../../../src/compare/leaders.ts'
import { admittedChart, limitLine } from '../../../../src/report/charts/admitted.ts'
import { ink } from '../../../../src/report/charts/chart.ts'
import { successChart } from '../../../../src/report/charts/success.ts'
import { waitChart } from '../../../../src/report/charts/wait.ts'
import { spreadLabels } from '../../../../src/report/charts/wait-labels.ts'
import { anyComparison } from '../../../golden/any-comparison.ts'
import { comparison } from '../../../golden/comparison.ts'

const [burst, calm] = comparison.cases as [CaseComparison, CaseComparison]
const contextOf = (chosen: CaseComparison, seeds: number) => ({
  title: chosen.title,
  seeds,
  leaders: leadersOf(chosen.rows, seeds),
})

describe('the chart of success', () => {
  const { data } = successChart(burst, contextOf(burst, 6)).configuration

  test('has a bar for each strategy, in the order of the ranking', () => {
    expect(data.labels).toEqual(['retry-pace  1', 'queue  1', 'article-backoff  3', 'article-rotation  4', 'none  5'])
    expect(data.datasets[0]!.data.map((share) => Math.round(10 * Number(share)) / 10)).toEqual([
      100, 87.4, 6.4, 2.5, 0.5,
    ])
  })

  test('draws the strategies of rank 1 in their own colour', () => {
    expect(data.datasets[0]!.backgroundColor).toEqual([ink.best, ink.best, ink.other, ink.other, ink.other])
  })
})

describe('the chart of admissions', () => {
  test('has a panel for each strategy, all with the same scales', () => {
    const { options, data } = admittedChart(burst, contextOf(burst, 6)).configuration
    const { x, ...panels } = options!.scales as Record<string, { min: number; max: number }>
    expect(data.datasets).toHaveLength(5)
    expect(Object.keys(panels)).toHaveLength(5)
    expect(new Set(Object.values(panels).map(({ max }) => max)).size).toBe(1)
    expect(x!.max).toBe(224)
  })

  test('ends the curve of a strategy at its last admission', () => {
    const { data } = admittedChart(burst, contextOf(burst, 6)).configuration
    expect(data.datasets[4]!.data).toEqual([
      { x: 0, y: 5 },
      { x: 2, y: 0 },
    ])
  })
})

describe('the limit in the chart of admissions', () => {
  const raised = {
    ...burst,
    raises: [
      { at: 60_000, perSecond: 30 },
      { at: 120_000, perSecond: 60 },
    ],
  }
  const subtitle = (chosen: CaseComparison) =>
    String(admittedChart(chosen, contextOf(chosen, 6)).configuration.options!.plugins!.subtitle!.text)

  test('is a straight line when it does not change', () => {
    expect(limitLine(burst, 200, 1)).toEqual([
      { x: 0, y: 10 },
      { x: 200, y: 10 },
    ])
    expect(subtitle(burst)).toMatch(/dashed: the limit of one account, 10\/s$/)
  })

  test('steps up at each raise, up to the end of the time axis', () => {
    const corners = (until: number, unit: number) => limitLine(raised, until, unit).map(({ x, y }) => [x, y])
    expect(corners(100, 1)).toEqual([
      [0, 10],
      [60, 10],
      [60, 30],
      [100, 30],
    ])
    expect(corners(240, 60)).toEqual([
      [0, 10],
      [1, 10],
      [1, 30],
      [2, 30],
      [2, 60],
      [4, 60],
    ])
    expect(subtitle(raised)).toMatch(/the limit of one account, 10\/s, from 1 min on 30, from 2 min on 60$/)
  })

  test('is within the panels after every raise', () => {
    const { y0 } = admittedChart(raised, contextOf(raised, 6)).configuration.options!.scales as Record<
      string,
      { max: number }
    >
    expect(y0!.max).toBeGreaterThan(60)
  })

  test('is not drawn when there is no limit', () => {
    expect(limitLine({ ...raised, limitPerSecond: Infinity }, 200, 1)).toEqual([])
  })
})

describe('the chart of waits', () => {
  test('ends each curve at the share of answered calls', () => {
    const { data } = waitChart(burst, contextOf(burst, 6)).configuration
    const last = (curve: number) => data.datasets[curve]!.data.at(-1)
    expect([last(0), last(1), last(2)]).toEqual([
      { x: 100, y: 223 },
      { x: 87, y: 199 },
      { x: 6, y: 16.4 },
    ])
  })

  test('names strategies that answered hardly any call, and draws no curve for them', () => {
    const { data, options } = waitChart(burst, contextOf(burst, 6)).configuration
    expect(data.datasets).toHaveLength(3 + 1)
    expect((options!.scales!.x as { title: { text: string[] } }).title.text.join('')).toContain(
      'article-rotation and none',
    )
  })

  test('draws 28 curves in different styles', () => {
    const rows = Array.from({ length: 28 }, (_, i) => ({ ...burst.rows[0]!, id: `strategy-${i}` }))
    const { data } = waitChart({ ...burst, rows }, contextOf(burst, 6)).configuration
    const looks = data.datasets.slice(0, 28).map((curve) => {
      const { borderColor, borderDash, pointStyle } = curve as unknown as Record<string, unknown>
      return JSON.stringify([borderColor, borderDash, pointStyle])
    })
    expect(new Set(looks).size).toBe(28)
  })

  test('has a logarithmic axis where waits differ by more than a hundredfold', () => {
    const [first, second] = calm.rows
    const quick = { ...first!, series: { ...first!.series, waitQuantiles: first!.series.waitQuantiles.map(() => 20) } }
    const axis = (chosen: CaseComparison) =>
      waitChart(chosen, contextOf(chosen, 6)).configuration.options!.scales!.y!.type
    expect(axis(calm)).toBe('linear')
    expect(axis({ ...calm, rows: [quick, second!] })).toBe('logarithmic')
  })
})

test.prop([fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { maxLength: 20 })])(
  'labels are at least a line apart, in order and within the chart',
  (places) => {
    const moved = spreadLabels(
      [...places].sort((a, b) => a - b),
      0,
      400,
    )
    for (const [i, place] of moved.entries()) {
      expect(place).toBeGreaterThanOrEqual(-1e-9)
      expect(place).toBeLessThanOrEqual(400 + 1e-9)
      if (i > 0) expect(place - moved[i - 1]!).toBeGreaterThanOrEqual(18 - 1e-9)
    }
  },
)

test.prop([anyComparison])('any comparison has charts of finite numbers', ({ cases, seeds }) => {
  for (const chosen of cases)
    for (const build of [successChart, admittedChart, waitChart]) {
      const { width, height, configuration } = build(chosen, contextOf(chosen, seeds.length))
      expect([width, height].every((size) => Number.isInteger(size) && size > 0)).toBe(true)
      for (const { data } of configuration.data.datasets)
        for (const point of data)
          for (const value of typeof point === 'object' && point ? Object.values(point) : [point])
            expect(Number.isFinite(value)).toBe(true)
    }
})
