import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { CaseComparison, Row } from '../../../../src/compare/comparison.ts'
import { leadersOf } from '../../../../src/compare/leaders.ts'
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
    expect(answerCase(burst, 6).answer).toBe(
      '`retry-pace` and `queue` come closest to the optimum, at 87.4 % to 88.6 % of what is reachable on their quota, and 6 seeds ' +
        'do not tell them apart by 0.5 percentage points or more; `retry-pace` answers 100 % of the 2,000 calls, half of them admitted within 1 min 52 s ' +
        'and 95 % within 3 min 33 s.',
    )
  })

  test('names a single strategy of rank 1, and its quota when others have another', () => {
    const [first, second, ...others] = burst.rows
    const { answer } = answerCase(withRows([first!, { ...second!, rank: 2 }, ...others]), 6)
    expect(answer).toMatch(
      /^`retry-pace` comes closest to the optimum, at 88\.6 % of what is reachable on its quota \(1 account\): it answers 100 %/,
    )
  })

  test('says when another strategy answers more calls', () => {
    const [first, second] = burst.rows
    const { answer } = answerCase(withRows([changed(first!, { success: 0.5 }), { ...second!, rank: 2 }]), 6)
    expect(answer).toContain('; `queue` answers more, 87.4 %.')
  })

  test('names the best strategy on the quota that most use, when the leader uses another', () => {
    const [pace, queue, , rotation] = burst.rows
    const first = changed(rotation!, { efficiency: 0.9, success: 1 }, { rank: 1 })
    const { answer } = answerCase(withRows([first, { ...pace!, rank: 2 }, { ...queue!, rank: 2 }]), 6)
    expect(answer).toContain('; on 1 account, `retry-pace` leads with 88.6 % of what is reachable there.')
  })

  test('does not rank on few seeds', () => {
    const rows = burst.rows.map((row) => ({ ...row, rank: Number.NaN }))
    for (const [seeds, subject] of [
      [1, 'One seed'],
      [5, '5 seeds'],
    ] as const) {
      const { answer } = answerCase(withRows(rows), seeds)
      expect(answer).toMatch(
        new RegExp(
          `^${subject} cannot tell a difference from chance; the highest efficiency is that of \`retry-pace\`, at `,
        ),
      )
      expect(leadersOf(rows, seeds)).toEqual([])
    }
  })

  test('makes no comparison when there is one strategy', () => {
    const { answer } = answerCase(withRows(burst.rows.slice(2, 3)), 6)
    expect(answer).toBe(
      '`article-backoff` stands at 6.4 % of what is reachable on its quota and answers 6.4 % of the 2,000 calls.',
    )
  })

  test('says when nothing was answered, no strategy took part or no call was offered', () => {
    const none = burst.rows.at(-1)!
    const nobody = [changed(none, { efficiency: 0, success: 0 }, { rank: 1 })]
    expect(answerCase(withRows(nobody), 6).answer).toBe('No strategy answers any of the 2,000 calls.')
    expect(leadersOf(nobody, 6)).toEqual([])
    expect(answerCase(withRows([]), 6).answer).toBe('No strategy took part.')
    expect(answerCase({ ...burst, calls: 0 }, 6)).toMatchObject({
      answer: 'No call was offered, so there is nothing to compare.',
      why: 'Nothing was sent.',
    })
  })
})

describe('the reason', () => {
  test('is the rules that denied the strategy of the answer, how most calls ended, and the attempts', () => {
    expect(answerCase(burst, 6).why).toBe(
      'Of the denied attempts of `retry-pace`, all exceed the `rps` limit (10 calls a second) and 23.7 % exceed the burst guard; ' +
        '`article-backoff`, `article-rotation` and `none` ' +
        'hand a 429 back to most callers; `retry-pace` sends 1.02 attempts a call, `article-backoff` 4.81.',
    )
  })

  test('names the limit and its raises', () => {
    const raises = (...perSecond: number[]) => ({
      ...burst,
      raises: perSecond.map((each, i) => ({ at: 60_000 * (i + 1), perSecond: each })),
    })
    expect(answerCase(raises(30), 6).why).toContain('(10 calls a second, from 1 min on 30) and')
    expect(answerCase(raises(30, 60, 120), 6).why).toContain('(10 calls a second, changed 3 times, at last to 120) and')
  })

  test('does not depend on which rule was asked first, nor on the denials of other strategies', () => {
    const [first, ...others] = burst.rows
    const denials = { ...first!.denials, rps: 31.6, burst: 9.8 }
    const swapped = { ...first!, denials }
    const reason = (rows: readonly Row[]) => answerCase(withRows(rows), 6).why.split(';')[0]
    const usual = reason(burst.rows)
    expect(reason([swapped, ...others])).toBe(usual)
    expect(reason([first!, ...others.map((row) => ({ ...row, deniedBy: { ...row.deniedBy, tpm: 1e6 } }))])).toBe(usual)
  })

  test('says when only other strategies were denied', () => {
    const [first, ...others] = burst.rows
    const none = Object.fromEntries(Object.keys(first!.denials).map((rule) => [rule, 0])) as Row['denials']
    expect(answerCase(withRows([{ ...first!, denials: none, deniedBy: none }, ...others]), 6).why).toMatch(
      /^No attempt of `retry-pace` was denied; /,
    )
  })

  test('says when nothing was denied', () => {
    expect(answerCase(calm, 6).why).toMatch(
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
    expect(answerCase(withRows(rows), 6).article).toBe(
      'As the article prints them, over the OpenAI SDK with its own two retries, solution 1 (`proxy` 100 %) answers every call; solution 4 (`fallback` 87.4 %) answers a part of ' +
        'the calls; solution 2 (`article-backoff` 6.4 %) and solution 3 (`article-rotation` 2.5 %) answer hardly any call.',
    )
  })

  test('is absent when none of its solutions took part', () => {
    expect(answerCase(withRows(burst.rows.slice(0, 2)), 6)).not.toHaveProperty('article')
  })
})

test.prop([anyComparison])('every answer is a sentence, for any comparison', ({ cases, seeds }) => {
  for (const chosen of cases)
    for (const sentence of Object.values(answerCase(chosen, seeds.length))) {
      expect(sentence).toMatch(/^\S.*\.$/s)
      expect(sentence).not.toMatch(/NaN|undefined|Infinity| {2}/)
    }
})
