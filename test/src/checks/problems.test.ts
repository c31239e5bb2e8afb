import { expect, test } from 'vitest'
import { countOf, firstProblems, namesIn } from '../../../src/checks/problems.ts'

const sentences = (count: number) => Array.from({ length: count }, (_, i) => `problem ${i}`)

test('up to twenty problems are all told, and of more the first and their number', () => {
  for (const count of [0, 1, 20]) expect(firstProblems(sentences(count))).toEqual(sentences(count))
  expect(firstProblems(sentences(21))).toEqual([...sentences(20), 'and at least 1 more'])
  expect(firstProblems(sentences(85_000))).toEqual([...sentences(20), 'and at least 84,980 more'])
  expect([1, 20, 21, 85_000].map((count) => countOf(sentences(count)))).toEqual([
    '1 problem',
    '20 problems',
    'more than 20 problems',
    'more than 20 problems',
  ])
})

test('up to fifty known values are all named, and of more the first and their number', () => {
  expect(namesIn(['a', 'b', true])).toBe('a, b, true')
  expect(namesIn(sentences(50))).toBe(sentences(50).join(', '))
  expect(namesIn(sentences(1050))).toBe(`${sentences(50).join(', ')} and 1,000 more`)
})
