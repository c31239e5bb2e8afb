import { test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { overviewOf } from '../../../src/compare/overview.ts'
import { anyComparison } from '../../golden/any-comparison.ts'
import { comparison } from '../../golden/comparison.ts'

test('a case alone, or cases with different strategies, have no overview', () => {
  const [first, second] = comparison.cases
  expect(overviewOf({ ...comparison, cases: [first!] })).toBeUndefined()
  expect(overviewOf({ ...comparison, cases: [] })).toBeUndefined()
  const fewer = { ...second!, rows: second!.rows.slice(1) }
  expect(overviewOf({ ...comparison, cases: [first!, fewer] })).toBeUndefined()
})

test.prop([anyComparison])('each strategy has its efficiencies, their mean and the least', (given) => {
  const cases = given.cases.slice(0, 1).flatMap((chosen) => [chosen, { ...chosen, name: 'again' }])
  const overview = overviewOf({ ...given, cases })
  if (cases.length === 0) {
    expect(overview).toBeUndefined()
    return
  }
  expect(overview!.map(({ id }) => id).toSorted()).toEqual(cases[0]!.rows.map(({ id }) => id).toSorted())
  for (const [i, { id, efficiency, mean, least, attempts }] of overview!.entries()) {
    const rows = cases.map((each) => each.rows.find((row) => row.id === id)!)
    expect(efficiency).toEqual(rows.map(({ metrics }) => metrics.efficiency))
    expect(least).toBe(efficiency.map(({ value }) => value).toSorted((a, b) => a - b)[0])
    expect(mean).toBeCloseTo(efficiency.reduce((total, { value }) => total + value, 0) / efficiency.length, 9)
    expect(attempts).toBeCloseTo(rows[0]!.metrics.amplification.value, 9)
    if (i > 0) expect(mean).toBeLessThanOrEqual(overview![i - 1]!.mean)
  }
})
