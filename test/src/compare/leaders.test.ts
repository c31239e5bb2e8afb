import { expect, test } from 'vitest'
import type { Row } from '../../../src/compare/comparison.ts'
import { leadersOf } from '../../../src/compare/leaders.ts'
import { comparison } from '../../golden/comparison.ts'

const { rows } = comparison.cases[0]!
const idsOf = (leaders: readonly Row[]) => leaders.map(({ id }) => id)

test('the leaders are the rows of rank 1', () => {
  expect(idsOf(leadersOf(rows, 6))).toEqual(['retry-pace', 'queue'])
})

test('with fewer seeds than ranks need nobody leads', () => {
  const unranked = rows.map((row) => ({ ...row, rank: Number.NaN }))
  for (const seeds of [1, 5]) expect(leadersOf(unranked, seeds)).toEqual([])
})

test('nobody leads who reaches no efficiency', () => {
  const efficiency = { value: 0, low: 0, high: 0 }
  const nobody = rows.map((row) => ({ ...row, rank: 1, metrics: { ...row.metrics, efficiency } }))
  expect(leadersOf(nobody, 6)).toEqual([])
  expect(leadersOf([], 6)).toEqual([])
})
