import { describe, expect, test } from 'vitest'
import type { ConclusionChange } from '../../../../src/compare/sensitivity/changes.ts'
import { changesWith, changeText, restsOnSentences } from '../../../../src/report/sentences/rests-on.ts'
import { sensitivity } from '../../../golden/sensitivity.ts'

const lead = (strategies: readonly string[], leaders: readonly string[]): ConclusionChange => ({
  case: 'c',
  kind: 'lead',
  strategies,
  metric: 'efficiency',
  figures: strategies.map(() => 1),
  under: strategies.map(() => 1),
  leaders,
  outcome: 'flips',
})

describe('a change in words', () => {
  test.each<[readonly string[], readonly string[], string]>([
    [['a'], ['b'], '`b` leads instead of `a`'],
    [['a'], ['b', 'c'], '`b` and `c` lead instead of `a`'],
    [['a'], ['a', 'b'], '`b` leads, too'],
    [['a', 'b'], ['b'], '`a` no longer leads'],
    [['a', 'b', 'c'], ['a', 'd'], '`d` leads, too; `b` and `c` no longer lead'],
    [['a'], [], 'no strategy leads instead of `a`'],
  ])('where %j led and %j lead', (former, leaders, text) => {
    expect(changeText(lead(former, leaders))).toBe(text)
  })

  test('says what was answered, and which of two comes first', () => {
    const of = (change: Partial<ConclusionChange>) => changeText({ ...lead(['a', 'b'], []), ...change })
    expect(of({ kind: 'answers', metric: 'success', strategies: ['a'], figures: [0.9996], under: [0.028] })).toBe(
      '`a` answers 2.8 % of the calls instead of >99.9 %',
    )
    const order = { kind: 'order', figures: [0.6, 0.5], under: [0.3, 0.45] } as const
    expect(of(order)).toBe(
      '`b` comes before `a` (30.0 % of what is reachable against 45.0 %, instead of 60.0 % against 50.0 %)',
    )
    expect(of({ ...order, metric: 'excessWait', figures: [60, 2500], under: [2500, 60] })).toBe(
      '`b` comes before `a` (2.5 s of wait more than needed against 60 ms, instead of 60 ms against 2.5 s)',
    )
    expect(of({ ...order, outcome: 'weakens' })).toMatch(/^`a` is not told to come before `b` \(30\.0 %/)
  })
})

test('leaders come first, then the shares that change most', () => {
  const answers = (id: string, under: number): ConclusionChange => ({
    ...lead([id], []),
    kind: 'answers',
    metric: 'success',
    figures: [1],
    under: [under],
  })
  const changes = [
    answers('a', 0.8),
    answers('b', 0),
    lead(['c'], ['d']),
    { ...answers('e', 0), outcome: 'weakens' as const },
  ]
  expect(changesWith('flips', changes).map(({ strategies }) => strategies[0])).toEqual(['c', 'b', 'a'])
})

describe('what a report rests on', () => {
  test('is a sentence for each alternative that flips something, and one for the others', () => {
    expect(restsOnSentences(sensitivity, 'within-the-minute')).toEqual([
      'This rests on `rejectsCount=false`: under `rejectsCount=true` `article-backoff` answers 2.8 % of the calls instead of ' +
        '>99.9 %, `queue` answers 5.0 % of the calls instead of 99.9 %, `none` answers 8.0 % of the calls instead of 60.0 %' +
        ' and `none` comes before `article-backoff` (2.0 % of what is reachable against 8.0 %, instead of 95.0 % against 60.0 %).',
      '4 of 5 other values of switches flip no conclusion, on 6 seeds.',
    ])
  })

  test('names the first four flips and counts the others', () => {
    const [, rejects] = sensitivity.alternatives
    const many = { ...rejects!, changes: Array.from({ length: 6 }, (_, i) => lead([`a${i}`], ['b'])) }
    expect(restsOnSentences({ ...sensitivity, alternatives: [many] }, 'c')).toEqual([
      'This rests on `rejectsCount=false`: under `rejectsCount=true` `b` leads instead of `a0`, `b` leads instead of `a1`, ' +
        '`b` leads instead of `a2`, `b` leads instead of `a3` and 2 more conclusions flip.',
    ])
  })

  test('says when nothing flips', () => {
    const [, , guard, short] = sensitivity.alternatives
    const [one, two] = [[guard!], [guard!, short!]].map((alternatives) =>
      restsOnSentences({ ...sensitivity, alternatives }, 'all-at-once'),
    )
    expect(one).toEqual(['The other value of a switch that was tried flips no conclusion, on 6 seeds.'])
    expect(two).toEqual(['All 2 other values of switches that were tried flip no conclusion, on 6 seeds.'])
  })
})
