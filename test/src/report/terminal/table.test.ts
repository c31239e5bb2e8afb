import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type CaseComparison, optimaOf } from '../../../../src/compare/comparison.ts'
import { decimal, money, shortDuration } from '../../../../src/report/figures/figures.ts'
import { textWidth } from '../../../../src/report/terminal/grid.ts'
import { denialText, type TerminalTable, terminalTable } from '../../../../src/report/terminal/table.ts'
import { anyComparison } from '../../../golden/any-comparison.ts'
import { comparison } from '../../../golden/comparison.ts'

function tableOf(chosen: CaseComparison, width: number, seeds = 6): TerminalTable {
  return terminalTable(chosen, { width, seeds, currency: 'USD', leaders: [] })
}

function widthOf({ heading, rows, optima }: TerminalTable): number {
  return Math.max(...[...heading, ...rows, ...optima].map(textWidth))
}

const [burst, calm] = comparison.cases as [CaseComparison, CaseComparison]
const chinese = { ...burst, rows: burst.rows.map((row) => ({ ...row, id: `重试${row.id}` })) }
const anyTable = fc.oneof(
  fc.constantFrom(burst, calm, chinese),
  anyComparison.filter(({ cases }) => cases.length > 0).map(({ cases }) => cases[0]!),
)

test.prop([anyTable, fc.integer({ min: 30, max: 200 })])(
  'a table is within its width, shows everything when that fits, and names what it hides',
  (chosen, width) => {
    const table = tableOf(chosen, width)
    expect(widthOf(table)).toBeLessThanOrEqual(width)
    const whole = tableOf(chosen, Infinity)
    expect(whole.hidden).toEqual([])
    if (widthOf(whole) <= width) expect(table).toEqual(whole)
    else expect(table.hidden.length).toBeGreaterThan(0)
    for (const name of ['success', 'quota'] as const) {
      const isShown = table.heading[1]!.split(/\s+/).includes(name)
      if (whole.heading[1]!.split(/\s+/).includes(name)) expect(isShown).toBe(!table.hidden.includes(name))
    }
  },
)

test.prop([anyTable, fc.integer({ min: 30, max: 200 })])('no hidden column would fit', (chosen, width) => {
  const table = tableOf(chosen, width)
  // A table without optima gets rows for them with the next column, so that more than that column is added.
  fc.pre(table.optima.length > 0)
  const optima = optimaOf(chosen.rows)
  const cells: Readonly<Record<string, readonly string[]>> = {
    'wait p95': [...chosen.rows.map(({ metrics }) => metrics.waitP95), ...optima.map(({ optimum }) => optimum.waitP95)]
      .map(({ value }) => shortDuration(value))
      .concat('wait'),
    'wait p50': [...chosen.rows.map(({ metrics }) => metrics.waitP50), ...optima.map(({ optimum }) => optimum.waitP50)]
      .map(({ value }) => shortDuration(value))
      .concat('wait'),
    'attempts per call': chosen.rows.map(({ metrics }) => decimal(metrics.amplification.value)).concat('attempts'),
    'wasted cost': chosen.rows.map(({ metrics }) => money(metrics.wastedCost.value, 'USD')).concat('wasted'),
    '429s by rule': chosen.rows.map((row) => denialText(row, 1)).concat('by rule'),
  }
  for (const name of table.hidden.filter((each) => cells[each] !== undefined)) {
    const columnWidth = Math.max(...cells[name]!.map(textWidth))
    expect(widthOf(table) + 2 + columnWidth, name).toBeGreaterThan(width)
  }
})

describe('the column `quota`', () => {
  test('is shown, in few characters, when strategies have different quotas', () => {
    const texts = ['1 account', '3 accounts', 'pool of 5 accounts', '1 account, 3 models', 'my own quota']
    const rows = texts.map((quotaText) => ({ ...burst.rows[0]!, quotaText }))
    const table = tableOf({ ...burst, rows }, 200)
    expect(table.heading[1]).toMatch(/strategy +quota +success/)
    const cells = table.rows.map((line) => /retry-pace +(.*?) +100 %/.exec(line)?.[1])
    expect(cells).toEqual(['1 account', '3 accounts', 'pool of 5', '1 × 3 models', 'my own quota'])
    for (const [i, name] of ['reachable', 'bound'].entries()) {
      const lines = table.optima.filter((_, line) => line % 2 === i)
      expect(lines.map((line) => new RegExp(`^ +${name} +(.*?) +100 %`).exec(line)?.[1])).toEqual(cells)
    }
  })

  test('is absent when all have the same, and the optimum is named by its quota when the column is hidden', () => {
    expect(tableOf(calm, 200).heading[1]).not.toContain('quota')
    expect(tableOf(calm, 200).optima[0]).toMatch(/^ +reachable +100 %/)
    expect(tableOf(burst, 60).optima.map((line) => /\S.*?(?= {2})/.exec(line)?.[0])).toEqual([
      'reachable, 1 account',
      'bound, 1 account',
      'reachable, pool of 5',
      'bound, pool of 5',
    ])
  })
})

test('names are shortened only when no column is left to hide, and then the optima have no row', () => {
  const { rows, optima, hidden } = tableOf(burst, 30)
  expect(rows.map((line) => line.split(/\s{2,}/)[2])).toEqual([
    'retry-pace',
    'queue',
    'artic…ckoff',
    'artic…ation',
    'none',
  ])
  expect(optima).toEqual([])
  expect(hidden).toContain('success')
})

test('a case with several processes has columns for how they share, and the newcomers’ only if there are some', () => {
  const exactly = (value: number) => ({ value, low: Number.NaN, high: Number.NaN })
  const sharing = (convergence: number) => {
    const metrics = { jain: exactly(0.987), convergence: exactly(convergence) }
    return tableOf(
      { ...burst, rows: burst.rows.map((row) => ({ ...row, metrics: { ...row.metrics, ...metrics } })) },
      200,
    )
  }
  const [heading, first] = [sharing(12_000).heading[1], sharing(12_000).rows[0]]
  expect(heading).toMatch(/ Jain +converges /)
  expect(first).toMatch(/ 98\.7 % +12\.0 s /)
  expect(sharing(Number.NaN).heading[1]).toMatch(/Jain/)
  expect(sharing(Number.NaN).heading[1]).not.toMatch(/converges/)
  expect(tableOf(burst, 200).heading[1]).not.toMatch(/Jain|converges/)
})
