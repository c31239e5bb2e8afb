import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { centralRows, mostCentral } from '../../../src/compare/central-rows.ts'

const anyRows = fc.array(fc.record({ solution: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }) }), {
  maxLength: 40,
})

test.prop([anyRows])('central rows are the best one, then solutions, then the best others, in their order', (given) => {
  const rows = given.map(({ solution }, id) => ({ id, ...(solution !== undefined && { solution }) }))
  const central = centralRows(rows)
  expect(central).toHaveLength(Math.min(rows.length, mostCentral))
  expect(central).toEqual([...central].sort((a, b) => a.id - b.id))
  expect(central[0]).toBe(rows[0])
  const left = rows.filter((row) => !central.includes(row))
  const isPlain = (row: { solution?: number }) => row.solution === undefined
  // A solution is left out only when all others but the best row are solutions, and a plain row only for a better one or a solution.
  if (left.some((row) => !isPlain(row))) expect(central.slice(1).every((row) => !isPlain(row))).toBe(true)
  const worst = Math.max(
    0,
    ...central
      .slice(1)
      .filter(isPlain)
      .map(({ id }) => id),
  )
  for (const row of left.filter(isPlain)) expect(row.id).toBeGreaterThan(worst)
})
