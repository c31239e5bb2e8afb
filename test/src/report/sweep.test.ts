import { describe, expect, test } from 'vitest'
import { type Sweep, sweepsOf } from '../../../src/compare/sweeps.ts'
import { isChart, sweepChartFile } from '../../../src/report/charts/files.ts'
import { sweepChart } from '../../../src/report/charts/sweep.ts'
import { json } from '../../../src/report/json.ts'
import { sweepSection } from '../../../src/report/markdown/sweep.ts'
import { sweepLines } from '../../../src/report/terminal/sweep.ts'
import { terminal } from '../../../src/report/terminal/terminal.ts'
import { comparison } from '../../golden/comparison.ts'
import { measure } from '../../golden/measure.ts'

const golden = '../../golden/files'
const [first] = comparison.cases
const pointAt = (load: number, goodput: number) => ({
  ...first!,
  name: `${first!.name}-at-${100 * load}`,
  sweep: { of: first!.name, load },
  calls: 2000 * load,
  rows: first!.rows.map((row, i) => ({
    ...row,
    metrics: { ...row.metrics, goodput: { value: goodput * (i + 1), low: goodput, high: goodput * (i + 2) } },
  })),
})
const cases = [pointAt(2, 51.25), pointAt(0.2, 10), pointAt(1.1, 12_345)]
const sweep = sweepsOf({ cases })[0]!
const many: Sweep = {
  of: 'many',
  points: Array.from({ length: 20 }, (_, i) => ({ load: (1 + i) / 10, calls: 100 * i })),
  curves: sweep.curves.map(({ id }) => ({
    id,
    goodput: Array.from({ length: 20 }, (_, i) => ({ value: 1000 + i, low: i, high: i })),
  })),
}

describe('a sweep', () => {
  test('has its loads in ascending order, and a curve for each strategy of every load, the highest last point first', () => {
    expect(sweep.of).toBe(first!.name)
    expect(sweep.points).toEqual([
      { load: 0.2, calls: 400 },
      { load: 1.1, calls: 2200 },
      { load: 2, calls: 4000 },
    ])
    expect(sweep.curves.map(({ id }) => id)).toEqual(first!.rows.map(({ id }) => id).reverse())
    expect(sweep.curves.at(-1)!.goodput.map(({ value }) => value)).toEqual([10, 12_345, 51.25])
    const [fewer, ...others] = cases
    const rows = fewer!.rows.slice(1)
    expect(sweepsOf({ cases: [{ ...fewer!, rows }, ...others] })[0]!.curves).toHaveLength(rows.length)
    expect(sweepsOf(comparison)).toEqual([])
  })

  test('is a table in the terminal, whose loads go on below where the width ends', async () => {
    const lines = [...sweepLines(sweep, 80), '', ...sweepLines(many, 80)]
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`${golden}/sweep-80.txt`)
    for (const line of sweepLines(many, 40)) expect(line.length).toBeLessThanOrEqual(40)
    const text = terminal({ ...comparison, cases }, { width: 100, colour: false })
    expect(text).toContain(`\n\nGoodput over offered load, ${first!.name}: calls a minute answered within 30 s\n`)
  })

  test('is a section in Markdown', async () => {
    await expect(`${sweepSection(sweep, true)}\n`).toMatchFileSnapshot(`${golden}/sweep.md`)
    expect(sweepSection(sweep, false)).not.toContain('![')
  })

  test('is a part of report.json', () => {
    const read = JSON.parse(json({ ...comparison, cases }))
    expect(read.sweeps).toHaveLength(1)
    expect(read.sweeps[0].points[0]).toEqual({ load: 0.2, calls: 400 })
    expect(read.sweeps[0].curves.at(-1).goodput_per_minute[0]).toEqual({ value: 10, low: 10, high: 20 })
  })

  test('is a chart with a curve for each strategy, in a file that is known as one', () => {
    const { configuration, height } = sweepChart(sweep, 6, measure)
    expect(configuration.data.datasets.map(({ data }) => data)).toEqual(
      sweep.curves.map(({ goodput }) => goodput.map(({ value }, i) => ({ x: 100 * sweep.points[i]!.load, y: value }))),
    )
    expect(
      sweepChart({ ...sweep, curves: Array.from({ length: 60 }, () => sweep.curves[0]!) }, 1, measure).height,
    ).toBeGreaterThan(height)
    expect(isChart(sweepChartFile(sweep).replace('charts/', ''))).toBe(true)
  })
})
