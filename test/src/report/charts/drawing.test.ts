import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { CaseComparison, Comparison, Row } from '../../../../src/compare/comparison.ts'
import { leadersOf } from '../../../../src/compare/leaders.ts'
import { regressionOf } from '../../../../src/compare/regression.ts'
import { admittedChart } from '../../../../src/report/charts/admitted.ts'
import { loadDrawing } from '../../../../src/report/charts/drawing.ts'
import { efficiencyChart } from '../../../../src/report/charts/efficiency.ts'
import { paper } from '../../../../src/report/charts/palette.ts'
import { regressionChart } from '../../../../src/report/charts/regression.ts'
import { waitChart } from '../../../../src/report/charts/wait.ts'
import { anyComparison } from '../../../golden/any-comparison.ts'
import { comparison } from '../../../golden/comparison.ts'
import { madeResult } from '../../../golden/made-result.ts'
import { contrast } from './contrast.ts'
import { type DrawnText, drawnTexts, isMissing, overlap } from './drawn-text.ts'

/** Names that strangers give: long ones, with options, in several scripts, with pictures, and with characters that no font has. */
const names = [
  'none',
  'retry-full:attempts=5,base=250,cap=30000,jitter=full',
  'a-strategy-with-a-name-of-forty-letters-1',
  'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW',
  '指数退避与抖动以及令牌桶限流策略',
  '再試行-キュー',
  '재시도',
  'повтор с паузой',
  'επανάληψη',
  'thử lại',
  'إعادة المحاولة',
  'retry \u{1f680}',
  'line\nbreak\tand\u0000zero',
  'right\u202eleft',
]
const title = '两千个请求同时到达，一分钟后配额增加三倍，'.repeat(8)

function withRows(count: number): Comparison {
  const own: readonly Row[] = comparison.cases[0]!.rows
  const rows = Array.from({ length: count }, (_, i): Row => {
    const from = own[i % own.length]!
    const waits = own[i % 3 === 0 ? 0 : 1]!.series.waitQuantiles
    const quotaText = i % 5 === 4 ? 'pool of 12 accounts with a long name, 3 models each' : from.quotaText
    const metrics = {
      ...from.metrics,
      success: i % 4 === 0 ? from.metrics.success : { value: 0.87, low: 0.8, high: 1 },
    }
    const id = i < names.length ? names[i]! : `${names[i % names.length]}-${i}`
    return { ...from, id, quotaText, metrics, rank: 1 + i, series: { ...from.series, waitQuantiles: waits } }
  })
  const chosen: CaseComparison = { ...comparison.cases[0]!, title, rows }
  return { ...comparison, cases: [chosen] }
}

/** The comparison with the names of strangers. */
function withNames(any: Comparison): Comparison {
  const nameOf = (i: number) => `${names[i % names.length]!}${i < names.length ? '' : i}`
  return {
    ...any,
    cases: any.cases.map((each) => ({ ...each, rows: each.rows.map((row, i) => ({ ...row, id: nameOf(i) })) })),
  }
}

const { draw, measure } = await loadDrawing()

/** The texts of each chart of a comparison. */
async function textsOf({ cases, seeds }: Comparison): Promise<DrawnText[][]> {
  const charts = cases.flatMap((chosen) => {
    const leaders = leadersOf(chosen.rows, seeds.length)
    const context = { title: chosen.title, seeds: seeds.length, leaders, measure }
    return [efficiencyChart, admittedChart, waitChart].map((build) => build(chosen, context))
  })
  return Promise.all(charts.map((chart) => drawnTexts(chart, draw)))
}

function expectReadable(texts: readonly DrawnText[]): void {
  expect(texts.length).toBeGreaterThan(3)
  const fault = (what: string, found: readonly DrawnText[]) =>
    expect(
      found.map(({ text }) => text),
      what,
    ).toEqual([])
  fault(
    'texts beyond the picture',
    texts.filter(
      ({ left, top, right, bottom, picture }) =>
        left < 0 || top < 0 || right > picture.width || bottom > picture.height,
    ),
  )
  fault(
    'texts pressed together',
    texts.filter(({ isSqueezed }) => isSqueezed),
  )
  fault(
    'texts of too little contrast',
    texts.filter(({ colour }) => contrast(colour, paper) < 4.5),
  )
  const covered = texts.flatMap((a, i) => texts.slice(0, i).flatMap((b) => (overlap(a, b) ? [[a.text, b.text]] : [])))
  expect(covered, 'texts that cover another').toEqual([])
}

describe('every text of every chart is readable', () => {
  test.each([1, 3, 17, 30, 45])('with %s strategies', async (count) => {
    for (const texts of await textsOf(withRows(count))) expectReadable(texts)
  })

  test('with characters that no font has', async () => {
    const texts = (await textsOf(withRows(names.length))).flat()
    const fonts = Map.groupBy(texts, ({ font }) => font)
    for (const [font, own] of fonts) {
      const characters = new Set(own.flatMap(({ text }) => [...text]))
      expect([...characters].filter((character) => isMissing(character, font))).toEqual([])
    }
    expect(texts.some(({ text }) => text.includes('\\u0000'))).toBe(true)
  })

  test.prop([anyComparison], { numRuns: 10, endOnFailure: true })(
    'of any comparison',
    async (any) => {
      for (const texts of await textsOf(withNames(any))) expectReadable(texts)
    },
    60_000,
  )

  test.prop([fc.subarray(names, { minLength: 1 })], { numRuns: 6 })('of any regression', async (ids) => {
    const result = (efficiency: number) =>
      madeResult({
        'a-case': Object.fromEntries(ids.map((id) => [id, seedsOf(efficiency)])),
        other: { none: seedsOf(0.5) },
      })
    const regression = regressionOf({ label: title, result: result(0.5) }, { label: names[1]!, result: result(0.9) })
    expectReadable(await drawnTexts(regressionChart(regression, measure), draw))
  })
})

const seedsOf = (value: number) =>
  Array.from({ length: 6 }, (_, i) => ({
    success: value + i / 1000,
    waitP50: 1000 * value + i,
    cost: value + i / 1000,
  }))
