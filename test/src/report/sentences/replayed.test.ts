import { describe, expect, test } from 'vitest'
import type { Comparison } from '../../../../src/compare/comparison.ts'
import { notReplayed, replaySentences } from '../../../../src/report/sentences/replayed.ts'
import { comparison } from '../../../golden/comparison.ts'

const replayed = { file: 'a.csv', format: 'Azure', rows: 12_345, outside: 0, skipped: 0, warnings: [] }

/** A comparison with a case for each number of rows that come too late. */
function replayOf(changes: Partial<typeof replayed>, ...late: readonly number[]): Comparison {
  const [first] = comparison.cases
  const cases = late.map((count, i) => ({
    ...first!,
    name: `case-${i}`,
    horizon: 60_000,
    ...(count > 0 && { late: count }),
  }))
  return { ...comparison, replayed: { ...replayed, ...changes }, cases }
}

describe('notReplayed', () => {
  const start = 'Not replayed, and part of no figure:'

  test.each<[Partial<typeof replayed>, readonly number[], string | undefined]>([
    [{}, [0], undefined],
    [{ skipped: 1000 }, [0], `${start} 1,000 of the 12,345 rows of a.csv, left out by --every.`],
    [{}, [1], `${start} 1 of the 12,345 rows of a.csv, with an arrival after the run’s end at 1 min.`],
    [
      { outside: 5, skipped: 10 },
      [1],
      `${start} 16 of the 12,345 rows of a.csv: 5 not between --from and --to, 10 left out by --every and 1 with an arrival after the run’s end at 1 min.`,
    ],
    [
      { outside: 5 },
      [0, 2],
      `${start} some of the 12,345 rows of a.csv: 5 not between --from and --to and 2 with an arrival after the run’s end at 1 min in the case case-1.`,
    ],
  ])('%j with %j', (changes, late, sentence) => expect(notReplayed(replayOf(changes, ...late))).toBe(sentence))

  test('a scenario that replays nothing has no such sentence', () => {
    expect(notReplayed(comparison)).toBeUndefined()
    expect(replaySentences(comparison)).toEqual([])
  })
})

test('warnings follow', () => {
  const sentences = replaySentences({
    ...replayOf({ skipped: 1 }, 0),
    replayed: { ...replayed, skipped: 1, warnings: ['Odd.'] },
  })
  expect(sentences.slice(1)).toEqual(['Warning: Odd.'])
})
