import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { comparisonOf } from '../../../src/compare/comparison.ts'
import { metricKinds, metricNames, metricWords } from '../../../src/compare/metric-kinds.ts'
import { judgeThresholds, readThreshold, type Threshold, thresholdProblems } from '../../../src/compare/thresholds.ts'
import { madeResult } from '../../golden/made-result.ts'

function read(text: string): Threshold {
  const result = readThreshold('--threshold', text)
  if ('problem' in result) throw new Error(result.problem)
  return result.threshold
}
function problem(text: string): string {
  const result = readThreshold('--threshold', text)
  return 'problem' in result ? result.problem : 'none'
}

describe('a threshold', () => {
  test.each([
    ['success>=0.99', { metric: 'success', relation: '>=', bound: 0.99 }],
    ['success >= 99%', { metric: 'success', relation: '>=', bound: 0.99 }],
    ['p95<30s', { metric: 'waitP95', relation: '<', bound: 30_000 }],
    ['p50 <= 1.5 min', { metric: 'waitP50', relation: '<=', bound: 90_000 }],
    ['p99<500ms', { metric: 'latencyP99', relation: '<', bound: 500 }],
    ['attempts<=1.2', { metric: 'amplification', relation: '<=', bound: 1.2 }],
    ['429s<5%', { metric: 'deniedShare', relation: '<', bound: 0.05 }],
    ['cost<5', { metric: 'cost', relation: '<', bound: 5 }],
    ['efficiency>.8', { metric: 'efficiency', relation: '>', bound: 0.8 }],
    ['retry-pace.success>=0.9', { metric: 'success', strategy: 'retry-pace' }],
    ['retry-pace.p95@batch<1h', { metric: 'waitP95', strategy: 'retry-pace', case: 'batch', bound: 3_600_000 }],
    ['success@batch>=0.5', { metric: 'success', case: 'batch' }],
    ['./mine.ts:base=0.5,attempts=5.success>=0.9', { metric: 'success', strategy: './mine.ts:base=0.5,attempts=5' }],
  ])('reads %s', (text, expected) => {
    expect(read(text)).toMatchObject(expected)
  })

  test.each([
    ['succes>=0.9', /to name one of the metrics success, .*, got "succes"; did you mean success\?/],
    ['success=0.9', /to be a metric, one of < <= > >= and a value, such as success>=0\.99.*got "success=0\.9"/],
    ['success', /to be a metric, one of/],
    ['', /to be a metric, one of/],
    ['success>=', /to be a metric, one of/],
    ['>=0.9', /to be a metric, one of/],
    ['success>=0.9>=0.8', /to be a metric, one of/],
    ['success=>0.9', /to name one of the metrics .*, got "success="; did you mean success\?/],
    ['success>=99', /to compare success with a number from 0 to 1 or a percentage, such as 0\.99 or 99%, got "99"/],
    ['success>=-1', /got "-1"/],
    ['p95<30', /to compare waitP95 with a time and its unit, such as 500ms, 30s, 2min or 1h, got "30"/],
    ['p95<30sec', /got "30sec"/],
    ['p95<30s@batch', /got "30s@batch"/],
    ['p95<1constructor', /got "1constructor"/],
    ['attempts<=1.2x', /to compare amplification with a number >= 0, such as 1\.2, got "1\.2x"/],
    ['attempts<=1e3', /got "1e3"/],
    [`attempts<=${'9'.repeat(400)}`, /to compare amplification/],
  ])('%s is refused with a sentence', (text, message) => {
    expect(problem(text)).toMatch(message)
  })

  test.prop([fc.string()])('never throws, whatever its text', (text) => {
    const result = readThreshold('--threshold', text)
    expect('problem' in result || metricNames.includes(result.threshold.metric)).toBe(true)
  })

  test('every metric has a threshold, by each of its names', () => {
    const value = { share: '1%', time: '1s', rate: '1', ratio: '1', number: '1', money: '1' }
    for (const name of metricNames)
      for (const word of [name, ...(metricKinds[name].aliases ?? [])])
        expect(read(`${word}<${value[metricKinds[name].kind]}`).metric).toBe(name)
    expect(new Set(metricWords).size).toBe(metricWords.length)
  })

  const cases = [
    { name: 'c', contestants: [{ id: 's' }, { id: 'retry-pace' }] },
    { name: 'd', contestants: [{ id: 's' }] },
  ]
  test.each([
    ['success>0', []],
    ['retry-pace.success>0', []],
    ['s.success@d>0', []],
    [
      'retry-pac.success>0',
      [
        'Expected `--threshold retry-pac.success>0` to name a strategy that takes part (s, retry-pace), got "retry-pac"; did you mean retry-pace?',
      ],
    ],
    [
      'retry-pace.success@d>0',
      [
        'Expected `--threshold retry-pace.success@d>0` to name a strategy that takes part in the case d (s), got "retry-pace"',
      ],
    ],
    ['success@e>0', ['Expected `--threshold success@e>0` to name a case of the scenario (c, d), got "e"']],
  ])('%s belongs to its study, or a sentence says why not', (text, expected) => {
    expect(thresholdProblems('--threshold', read(text), cases)).toEqual(expected)
  })
})

describe('a judgement', () => {
  const result = comparisonOf(
    madeResult({
      c: {
        s: [0.9, 0.7, 0.8, 0.8, 0.8, 0.8].map((success, i) => ({ success, waitP95: i === 0 ? Infinity : 4 })),
        t: [0.8, 0.8, 0.8, 0.8, 0.8, 0.8].map((success, i) => ({ success, waitP95: i === 0 ? Number.NaN : 2 })),
      },
      d: { s: new Array(6).fill({ success: 0.1 }) },
    }),
  )
  const judged = (...texts: string[]) =>
    judgeThresholds(texts.map(read), result).map(
      (each) => `${each.strategy}@${each.case} ${each.isKept}${each.isClose ? ' close' : ''}`,
    )

  test('is of the median, and says when the bound lies within the interval', () => {
    expect(judged('success@c>=0.8').sort()).toEqual(['s@c true close', 't@c true'])
    expect(judged('success@c>0.8').sort()).toEqual(['s@c false close', 't@c false'])
    expect(judged('success@c<=0.8').sort()).toEqual(['s@c true close', 't@c true'])
    expect(judged('success@c<0.8').sort()).toEqual(['s@c false close', 't@c false'])
  })

  test('is made for each case and strategy, unless the threshold names one', () => {
    expect(judged('success>=0.5').sort()).toEqual(['s@c true', 's@d false', 't@c true'])
    expect(judged('s.success>=0.5')).toEqual(['s@c true', 's@d false'])
    expect(judged('s.success@d>=0.05')).toEqual(['s@d true'])
  })

  test('is never kept by a strategy that failed, in every case that the threshold is for', () => {
    const failed = [{ id: 'u', message: 'it throws' }]
    const judgements = (text: string) => judgeThresholds([read(text)], { ...result, failed })
    expect(judgements('success>=0.05').map((each) => `${each.strategy}@${each.case} ${each.isKept}`)).toEqual([
      's@c true',
      't@c true',
      'u@c false',
      's@d true',
      'u@d false',
    ])
    for (const text of ['u.success@d>=0', 'u.success@d<=1'])
      expect(judgements(text)).toMatchObject([{ strategy: 'u', fault: 'it throws', isKept: false, isClose: false }])
  })

  test('is not kept where a figure is infinite or does not exist', () => {
    expect(judged('s.p99@c<1h')).toEqual(['s@c true'])
    const [s] = judgeThresholds([read('s.p95@c<1h')], result)
    expect(s).toMatchObject({ isKept: true, isClose: true })
    expect(judged('t.p95@c<1h')).toEqual(['t@c false'])
    expect(judged('t.p95@c>=0s')).toEqual(['t@c false'])
  })
})
