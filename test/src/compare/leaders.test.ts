import { expect, test } from 'vitest'
import type { Row } from '../../../src/compare/comparison.ts'
import { leadersOf } from '../../../src/compare/leaders.ts'
import { comparison } from '../../golden/comparison.ts'

const { rows } = comparison.cases[0]!
const idsOf = (leaders: readonly Row[]) => leaders.map(({ id }) => id)

test('the leaders are the rows of rank 1', () => {
  expect(idsOf(leadersOf(rows, 5))).toEqual(['retry-pace', 'queue'])
})

test('with one seed it is the first row alone', () => {
  const alike = rows.map((row) => ({ ...row, rank: 1 }))
  expect(idsOf(leadersOf(alike, 1))).toEqual(['retry-pace'])
})

test('nobody leads who reaches no efficiency', () => {
  const efficiency = { value: 0, low: 0, high: 0 }
  const nobody = rows.map((row) => ({ ...row, rank: 1, metrics: { ...row.metrics, efficiency } }))
  expect(leadersOf(nobody, 5)).toEqual([])
  expect(leadersOf([], 5)).toEqual([])
})
