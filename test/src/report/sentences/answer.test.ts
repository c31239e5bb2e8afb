import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { CaseComparison, Row } from '../../../../src/compare/comparison.ts'
import { answerCase } from '../../../../src/report/sentences/answer.ts'
import { anyComparison } from '../../../golden/any-comparison.ts'
import { comparison } from '../../../golden/comparison.ts'

const [burst, calm] = comparison.cases as [CaseComparison, CaseComparison]
const exact = (value: number) => ({ value, low: value, high: value })

function withRows(rows: readonly Row[]): CaseComparison {
  return { ...burst, rows }
}

function changed(row: Row, metrics: Partial<Record<keyof Row['metrics'], number>>, rest: Partial<Row> = {}): Row {
  const estimates = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, exact(value)]))
  return { ...row, metrics: { ...row.metrics, ...estimates }, ...rest }
}

describe('the answer', () => {
  test('names all strategies of rank 1, and the one of them that answers most calls', () => {
    expect(answerCase(burst, 5).answer).toBe(
      '`retry-pace` and `queue` come closest to the optimum, at 87.4 % to 88.6 % of what their quota allows, and 5 seeds ' +
        'cannot tell them apart; `retry-pace` answers 100 % of the 2,000 calls, half of them admitted within 1 min 52 s ' +
        'and 95 % within 3 min 33 s.',
    )
  })

  test('names a single strategy of rank 1, and its quota when others have another', () => {
    const [first, second, ...others] = burst.rows
    const { answer } = answerCase(withRows([first!, { ...second!, rank: 2 }, ...others]), 5)
    expect(answer).toMatch(
      /^`retry-pace` comes closest to the optimum, at 88\.6 % of what its quota \(1 account\) allows: it answers 100 %/,
    )
  })

  test('says when another strategy answers more calls', () => {
    const [first, second] = burst.rows
    const { answer } = answerCase(withRows([changed(first!, { success: 0.5 }), { ...second!, rank: 2 }]), 5)
    expect(answer).toContain('; `queue` answers more, 87.4 %.')
  })

  test('names the best strategy on the quota that most use, when the leader uses another', () => {
    const [pace, queue, , rotation] = burst.rows
    const first = changed(rotation!, { efficiency: 0.9, success: 1 }, { rank: 1 })
    const { answer } = answerCase(withRows([first, { ...pace!, rank: 2 }, { ...queue!, rank: 2 }]), 5)
    expect(answer).toContain('; on 1 account, `retry-pace` leads with 88.6 % of that optimum.')
  })

  test('does not rank on one seed', () => {
    const rows = burst.rows.map((row) => ({ ...row, rank: 1 }))
    const { answer } = answerCase(withRows(rows), 1)
    expect(answer).toMatch(/^`retry-pace` comes closest .* with one seed the order is not tested\.$/)
  })

  test('makes no comparison when there is one strategy', () => {
    const { answer } = answerCase(withRows(burst.rows.slice(2, 3)), 5)
    expect(answer).toBe(
      '`article-backoff` stands at 6.4 % of what its quota allows and answers 6.4 % of the 2,000 calls.',
    )
  })

  test('says when nothing was answered, no strategy took part or no call was offered', () => {
    const none = burst.rows.at(-1)!
    const nobody = [changed(none, { efficiency: 0, success: 0 }, { rank: 1 })]
    expect(answerCase(withRows(nobody), 5).answer).toBe('No strategy answers any of the 2,000 calls.')
    expect(answerCase(withRows([]), 5).answer).toBe('No strategy took part.')
    expect(answerCase({ ...burst, calls: 0 }, 5)).toMatchObject({
      answer: 'No call was offered, so there is nothing to compare.',
      why: 'Nothing was sent.',
    })
  })
})

describe('the reason', () => {
  test('is the rule that denied most, how most calls ended, and the attempts', () => {
    expect(answerCase(burst, 5).why).toBe(
      '97.2 % of the 429s come from the `rps` limit (10 calls a second); `article-backoff`, `article-rotation` and `none` ' +
        'hand a 429 back to most callers; `retry-pace` sends 1.02 attempts a call, `article-backoff` 4.81.',
    )
  })

  test('names the limit and its raises', () => {
    const raises = (...perSecond: number[]) => ({
      ...burst,
      raises: perSecond.map((each, i) => ({ at: 60_000 * (i + 1), perSecond: each })),
    })
    expect(answerCase(raises(30), 5).why).toContain('(10 calls a second, from 1 min on 30);')
    expect(answerCase(raises(30, 60, 120), 5).why).toContain('(10 calls a second, raised 3 times to 120);')
  })

  test('says when nothing was denied', () => {
    expect(answerCase(calm, 5).why).toMatch(
      /^No attempt was denied; `none` keeps most callers waiting past their patience/,
    )
  })

  test('says when most calls failed or were pending at the end', () => {
    const [first] = burst.rows
    const outcomes = { ok: 0, throttled: 0, failed: 0, expired: 0, unfinished: 900, dropped: 900 }
    const failed = { ...outcomes, unfinished: 0, dropped: 0, failed: 1001 }
    const { why } = answerCase(
      withRows([
        { ...first!, outcomes },
        { ...first!, id: 'other', outcomes: failed },
      ]),
      5,
    )
    expect(why).toContain('`other` ends most calls with another failure')
    expect(why).toContain('`retry-pace` leaves most calls pending at the end')
  })
})

describe('the sentence about the article', () => {
  test('groups its solutions by the share of calls that they answer', () => {
    const [pace, queue, backoff, rotation] = burst.rows
    const rows = [
      { ...pace!, id: 'proxy', solution: 1 },
      { ...queue!, id: 'fallback', solution: 4 },
      backoff!,
      rotation!,
    ]
    expect(answerCase(withRows(rows), 5).article).toBe(
      'As the article prints them, over the OpenAI SDK with its own two retries, solution 1 (`proxy` 100 %) answers every call; solution 4 (`fallback` 87.4 %) answers a part of ' +
        'the calls; solution 2 (`article-backoff` 6.4 %) and solution 3 (`article-rotation` 2.5 %) answer hardly any call.',
    )
  })

  test('is absent when none of its solutions took part', () => {
    expect(answerCase(withRows(burst.rows.slice(0, 2)), 5)).not.toHaveProperty('article')
  })
})

test.prop([anyComparison])('every answer is a sentence, for any comparison', ({ cases, seeds }) => {
  for (const chosen of cases)
    for (const sentence of Object.values(answerCase(chosen, seeds.length))) {
      expect(sentence).toMatch(/^\S.*\.$/s)
      expect(sentence).not.toMatch(/NaN|undefined|Infinity| {2}/)
    }
})
