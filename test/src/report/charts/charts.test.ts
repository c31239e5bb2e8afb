import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { CaseComparison } from '../../../../src/compare/comparison.ts'
import { leadersOf } from '../../../../src/compare/leaders.ts'
import { admittedChart } from '../../../../src/report/charts/admitted.ts'
import { deniedHeightOf } from '../../../../src/report/charts/admitted-axes.ts'
import { limitLine } from '../../../../src/report/charts/admitted-panels.ts'
import { efficiencyChart } from '../../../../src/report/charts/efficiency.ts'
import { curveStyles } from '../../../../src/report/charts/palette.ts'
import { waitChart } from '../../../../src/report/charts/wait.ts'
import { spreadLabels } from '../../../../src/report/charts/wait-labels.ts'
import { anyComparison } from '../../../golden/any-comparison.ts'
import { comparison } from '../../../golden/comparison.ts'
import { measure } from '../../../golden/measure.ts'

const [burst, calm] = comparison.cases as [CaseComparison, CaseComparison]
const contextOf = (chosen: CaseComparison, seeds: number) => ({
  title: chosen.title,
  seeds,
  leaders: leadersOf(chosen.rows, seeds),
  measure,
})

type Dot = { readonly x: number; readonly y: number }

describe('the chart of efficiency', () => {
  const chart = (chosen: CaseComparison, seeds = 6) => efficiencyChart(chosen, contextOf(chosen, seeds)).configuration
  const dots = (chosen: CaseComparison, dataset: number) =>
    (chart(chosen).data.datasets[dataset]!.data as Dot[]).map(({ x, y }) => [Math.round(10 * x) / 10, y])

  test('has a line for each row below the heading of its quota, the most efficient first', () => {
    // Line 0 is the heading of 1 account, and line 5 that of the pool.
    expect(dots(burst, 0)).toEqual([
      [88.6, 1],
      [87.4, 2],
    ])
    expect(dots(burst, 1)).toEqual([
      [6.4, 3],
      [0.5, 4],
      [2.5, 6],
    ])
  })

  test('orders rows of one rank by their efficiency, which is what it draws', () => {
    const swapped = { ...burst, rows: [burst.rows[1]!, burst.rows[0]!, ...burst.rows.slice(2)] }
    expect(dots(swapped, 0)).toEqual(dots(burst, 0))
  })

  test('has the answered calls as other marks', () => {
    expect(dots(burst, 2)).toEqual([
      [100, 1],
      [87.4, 2],
      [6.4, 3],
      [0.5, 4],
      [2.5, 6],
    ])
  })

  test('has room for every bound near the reachable, and not for one that is far away', () => {
    const end = (reachableShare: number) => {
      const optimum = { ...burst.rows[0]!.optimum, reachableShare: { value: reachableShare, low: 0, high: 1 } }
      return (chart({ ...burst, rows: [{ ...burst.rows[0]!, optimum }] }).options!.scales!.x as { max: number }).max
    }
    expect([1, 0.9, 0.7, 0.5, 0].map(end)).toEqual([100, 120, 160, 100, 100])
  })

  test('draws an efficiency above 200 % at the edge', () => {
    const far = { value: 7, low: 7, high: 7 }
    const rows = [{ ...burst.rows[0]!, metrics: { ...burst.rows[0]!.metrics, efficiency: far } }]
    expect(dots({ ...burst, rows }, 0)).toEqual([[200, 1]])
  })
})

interface PanelScale {
  readonly max: number
  readonly reverse?: boolean
}

describe('the chart of admissions', () => {
  const made = (chosen: CaseComparison) => admittedChart(chosen, contextOf(chosen, 6)).configuration
  const scalesOf = (chosen: CaseComparison) => made(chosen).options!.scales as unknown as Record<string, PanelScale>
  const subtitle = (chosen: CaseComparison) => (made(chosen).options!.plugins!.subtitle!.text as string[]).join(' ')

  test('has a panel for each strategy, those of one quota with the same scale', () => {
    const { x, y0, y1, y2, y3, y4 } = scalesOf(burst)
    expect([y1!.max, y2!.max, y4!.max]).toEqual([y0!.max, y0!.max, y0!.max])
    expect(y3!.max).toBe(5 * y0!.max)
    expect(x!.max).toBe(224)
  })

  test('ends the curve of a strategy at its last admission', () => {
    expect(made(burst).data.datasets[8]!.data).toEqual([
      { x: 0, y: 5 },
      { x: 2, y: 0 },
    ])
  })

  test('has the denied attempts beneath the admitted ones, downwards from 0', () => {
    const { denied0, denied4 } = scalesOf(burst)
    expect([denied0!.reverse, denied4!.max]).toEqual([true, denied0!.max])
    const denied = made(burst).data.datasets[9]!.data as Dot[]
    expect(denied).toEqual([
      { x: 0, y: deniedHeightOf(995) },
      { x: 2, y: 0 },
    ])
    expect(deniedHeightOf(0)).toBe(0)
    expect(deniedHeightOf(999)).toBeCloseTo(3)
    expect(subtitle(burst)).toContain('red, downwards: denied attempts')
  })

  test('has no room for denied attempts when there are none', () => {
    expect(Object.keys(scalesOf(calm)).filter((name) => name.startsWith('denied'))).toEqual([])
    expect(subtitle(calm)).not.toContain('denied')
  })

  test('shows all curves up to their ends, and the end of the reachable', () => {
    expect(scalesOf(calm).x!.max).toBe(61)
    const optimum = { ...calm.rows[0]!.optimum, reachableMakespan: { value: 400_000, low: 0, high: 0 } }
    expect(scalesOf({ ...calm, rows: [{ ...calm.rows[0]!, optimum }] }).x!.max).toBe(400)
  })
})

describe('the limit in the chart of admissions', () => {
  const raised = [
    { at: 0, perSecond: 10 },
    { at: 60_000, perSecond: 30 },
    { at: 120_000, perSecond: 60 },
  ]

  test('is a straight line when it does not change', () => {
    expect(limitLine(raised.slice(0, 1), 200, 1)).toEqual([
      { x: 0, y: 10 },
      { x: 200, y: 10 },
    ])
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
  })

  test('is that of the strategy’s own quota, and within its panel after every raise', () => {
    const limits = [
      {
        unit: 'requests' as const,
        window: 1000,
        phases: [
          { from: 0, limit: 10 },
          { from: 5000, limit: 60 },
        ],
      },
    ]
    const rows = [{ ...burst.rows[0]!, limits, quotaText: 'a raised account' }, burst.rows[1]!]
    const { scales } = admittedChart({ ...burst, rows }, contextOf(burst, 6)).configuration.options!
    const { y0, y1 } = scales as unknown as Record<string, PanelScale>
    expect(y0!.max).toBeGreaterThan(60)
    expect(y1!.max).toBe(15)
  })

  test('is not drawn when there is no limit', () => {
    expect(limitLine([{ at: 0, perSecond: Infinity }], 200, 1)).toEqual([])
  })
})

describe('the chart of waits', () => {
  const made = (chosen: CaseComparison) => waitChart(chosen, contextOf(chosen, 6)).configuration

  test('ends each curve at the share of answered calls', () => {
    const { data } = made(burst)
    const last = (curve: number) => data.datasets[curve]!.data.at(-1)
    expect([last(0), last(1), last(2)]).toEqual([
      { x: 100, y: 223 },
      { x: 87, y: 199 },
      { x: 6, y: 16.4 },
    ])
  })

  test('has the reachable of each quota in the panel of the strategies that use it', () => {
    const pool = {
      ...burst.rows[0]!,
      id: 'pool',
      quotaText: 'pool',
      series: burst.rows[3]!.series,
      limits: burst.rows[3]!.limits,
    }
    const series = { ...pool.series, waitQuantiles: burst.rows[0]!.series.waitQuantiles }
    const { data, options } = made({ ...burst, rows: [burst.rows[0]!, { ...pool, series }] })
    const ends = data.datasets.map((curve) => [(curve as { yAxisID: string }).yAxisID, (curve.data.at(-1) as Dot).y])
    expect(ends).toEqual([
      ['y0', 223],
      ['y0', 208],
      ['y1', 223],
      ['y1', 47],
    ])
    const { y0, y1 } = options!.scales as unknown as Record<string, PanelScale>
    expect(y1!.max).toBe(y0!.max)
  })

  test('names strategies that answered hardly any call, and draws no curve for them', () => {
    const { data, options } = made(burst)
    expect(data.datasets).toHaveLength(3 + 1)
    expect((options!.plugins!.subtitle!.text as string[]).join(' ')).toContain('article-rotation and none')
  })

  test('draws 35 curves in different styles, and none looks like the reachable', () => {
    expect(curveStyles).toBe(35)
    const rows = Array.from({ length: curveStyles }, (_, i) => ({ ...burst.rows[0]!, id: `strategy-${i}` }))
    const looks = made({ ...burst, rows }).data.datasets.map((curve) => {
      const { borderColor, borderDash, pointStyle } = curve as unknown as Record<string, unknown>
      return JSON.stringify([borderColor, borderDash, pointStyle])
    })
    expect(new Set(looks).size).toBe(curveStyles + 1)
  })

  test('is high enough for the label of each curve', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ ...burst.rows[0]!, id: `strategy-${i}` }))
    expect(waitChart({ ...burst, rows }, contextOf(burst, 6)).height).toBeGreaterThan(60 * 18)
  })

  test('has a logarithmic axis where waits differ by more than a hundredfold, and 0 s at its lower end', () => {
    const [first, second] = calm.rows
    const quick = { ...first!, series: { ...first!.series, waitQuantiles: first!.series.waitQuantiles.map(() => 20) } }
    const axis = (chosen: CaseComparison) =>
      (made(chosen).options!.scales!.y0 as { title: { text: string } }).title.text
    expect(axis(calm)).toBe('wait for admission')
    const wide = { ...calm, rows: [quick, second!] }
    expect(axis(wide)).toBe('wait for admission (logarithmic above 10 ms)')
    const reachable = made(wide).data.datasets.at(-1)!.data as Dot[]
    expect(reachable.slice(0, 26).map(({ y }) => y)).toEqual(new Array(26).fill(0))
    expect(reachable[26]!.y).toBeGreaterThan(1)
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
    for (const build of [efficiencyChart, admittedChart, waitChart]) {
      const { width, height, configuration } = build(chosen, contextOf(chosen, seeds.length))
      expect([width, height].every((size) => Number.isInteger(size) && size > 0)).toBe(true)
      for (const { data } of configuration.data.datasets)
        for (const point of data)
          for (const value of typeof point === 'object' && point ? Object.values(point) : [point])
            expect(Number.isFinite(value)).toBe(true)
    }
})
