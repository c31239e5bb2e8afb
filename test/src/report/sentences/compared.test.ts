import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { CaseComparison, Row } from '../../../../src/compare/comparison.ts'
import { json } from '../../../../src/report/json.ts'
import { markdown } from '../../../../src/report/markdown/markdown.ts'
import { answerCase, sentencesOf } from '../../../../src/report/sentences/answer.ts'
import { comparedSentence } from '../../../../src/report/sentences/compared.ts'
import { terminal } from '../../../../src/report/terminal/terminal.ts'
import { anyComparison } from '../../../golden/any-comparison.ts'
import { comparison } from '../../../golden/comparison.ts'
import { checkout } from '../../../golden/installations.ts'

const [batch] = comparison.cases as [CaseComparison]
const [pace, queue, backoff, rotation, none] = batch.rows as [Row, Row, Row, Row, Row]
const exact = (value: number) => ({ value, low: value, high: value })

function changed(row: Row, metrics: Partial<Row['metrics']>, makespan = row.optimum.reachableMakespan.value): Row {
  return {
    ...row,
    metrics: { ...row.metrics, ...metrics },
    optimum: { ...row.optimum, reachableMakespan: exact(makespan) },
  }
}

function sentenceFor(rows: readonly Row[], before: readonly Row[] = batch.rows): string | undefined {
  return comparedSentence({ ...batch, rows, baseline: { ...batch, rows: before } })
}

describe('compared with another case', () => {
  test('a strategy answers more, waits less, or hardly differs', () => {
    const rows = [
      changed(queue, { success: exact(0.95) }, 107_000),
      changed(pace, { waitP95: exact(150_000) }, 107_000),
      changed(backoff, { success: { ...exact(0.064), low: 0.06 } }, 107_000),
    ]
    expect(sentenceFor(rows)).toBe(
      'Compared with “2,000 calls at once”, `retry-pace` has 95 % admitted within 2 min 30 s instead of 3 min 33 s and ' +
        '`queue` answers 95.0 % of the calls instead of 87.4 %; ' +
        '`article-backoff` hardly differs; all that is reachable is done after 1 min 47 s instead of 3 min 29 s.',
    )
  })

  test('a strategy hardly differs when the difference is not significant or too small', () => {
    expect(sentenceFor([changed(queue, { success: { value: 0.9, low: 0.88, high: 0.92 } })])).toMatch(
      /`queue` hardly differs\.$/,
    )
    expect(sentenceFor([changed(pace, { waitP95: exact(212_877 / 1.04) })])).toMatch(/`retry-pace` hardly differs\.$/)
    expect(sentenceFor([changed(none, { success: exact(0.008) }), rotation])).toMatch(/hardly differ\.$/)
  })

  test('a strategy whose share of answered calls changes is described by that share, not by its wait', () => {
    expect(sentenceFor([changed(pace, { success: exact(0.5), waitP95: exact(Infinity) })])).toContain(
      '`retry-pace` answers 50.0 % of the calls instead of 100 %',
    )
    expect(sentenceFor([changed(pace, { success: exact(0.5) })], [changed(pace, { success: exact(0) })])).toContain(
      'answers 50.0 % of the calls instead of 0 %',
    )
  })

  test('of many differences the largest are named', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, i) => ({
      ...pace,
      id,
      metrics: { ...pace.metrics, waitP95: exact(1000 * (i + 2)) },
    }))
    const before = many.map((row) => changed(row, { waitP95: exact(60_000) }))
    expect(sentenceFor(many, before)).toMatch(
      /^[^;]*, `a` has [^;]*, `b` has [^;]*, `c` has [^;]*, `d` has [^;]* and 2 more differ\.$/,
    )
  })

  test('there is no sentence without another case, or without a strategy in both', () => {
    expect(comparedSentence(batch)).toBeUndefined()
    expect(sentenceFor([pace], [queue])).toBeUndefined()
    expect(answerCase(batch, 5)).not.toHaveProperty('compared')
  })
})

test('every renderer has the sentence', () => {
  const compared = { ...comparison, cases: [{ ...batch, baseline: batch }] }
  expect(json(compared)).toContain('"compared": "Compared with “2,000 calls at once”, ')
  expect(markdown(compared, checkout)).toContain('  - Compared with “2,000 calls at once”, ')
  expect(terminal(compared, { width: 120, colour: false })).toContain('→ Compared with “2,000 calls at once”, ')
})

test.prop([anyComparison, anyComparison])('the comparison of any two cases is a sentence', (a, b) => {
  for (const chosen of a.cases)
    for (const baseline of b.cases)
      for (const sentence of sentencesOf(answerCase({ ...chosen, baseline }, 5))) {
        expect(sentence).toMatch(/^\S.*\.$/s)
        expect(sentence).not.toMatch(/NaN|undefined|Infinity| {2}/)
      }
})
