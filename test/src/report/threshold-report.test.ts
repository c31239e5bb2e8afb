import { describe, expect, test } from 'vitest'
import type { Judgement } from '../../../src/compare/thresholds.ts'
import { thresholdLines, thresholdMarkdown, thresholdSuites } from '../../../src/report/threshold-report.ts'

const judgement = (text: string, isKept: boolean, isClose: boolean): Judgement => ({
  threshold: { text, metric: 'success', relation: '>=', bound: 0.9 },
  case: 'batch',
  strategy: 'queue',
  estimate: { value: 0.91, low: 0.89, high: 0.93 },
  isKept,
  isClose,
})
const judgements = [judgement('success>=0.9', true, true), judgement('success>=0.95', false, false)]

describe('the judgements of thresholds', () => {
  test('as lines say how many are kept, and which bounds lie within the interval', () => {
    expect(thresholdLines(judgements, 'USD')).toEqual([
      '✓ success>=0.9: queue in batch: 91.0 % (89.0–93.0), within the interval',
      '✗ success>=0.95: queue in batch: 91.0 % (89.0–93.0)',
      'Thresholds: 1 kept, 1 crossed; 1 within the interval, so other seeds may decide otherwise.',
    ])
    expect(thresholdLines([judgement('success>=0.9', true, false)], 'USD').at(-1)).toBe(
      'Thresholds: 1 kept, 0 crossed.',
    )
  })

  test('in Markdown have the crossed ones first', () => {
    expect(thresholdMarkdown(judgements, 'USD').split('\n').slice(-3)).toEqual([
      '| `success>=0.95` | batch | queue | 91.0 % (89.0–93.0) | ✗ crossed |',
      '| `success>=0.9` | batch | queue | 91.0 % (89.0–93.0), within the interval | ✓ kept |',
      '',
    ])
  })

  test('of a strategy that failed have no figure, and its fault', () => {
    const estimate = { value: Number.NaN, low: Number.NaN, high: Number.NaN }
    const broken = { ...judgement('success>=0.9', false, false), estimate, fault: 'it throws' }
    expect(thresholdLines([broken], 'USD')).toEqual([
      '✗ success>=0.9: queue in batch: no figure, because the strategy failed',
      'Thresholds: 0 kept, 1 crossed.',
    ])
    const [{ tests } = { tests: [] }] = thresholdSuites('burst', [broken], 'USD')
    expect(tests[0]!.failure).toBe('Expected success>=0.9, but the strategy failed: it throws')
  })

  test('as tests fail when they are crossed', () => {
    const output = '91.0 % (89.0–93.0)'
    expect(thresholdSuites('burst', judgements, 'USD')).toEqual([
      {
        name: 'burst.batch',
        tests: [
          { name: 'queue: success>=0.9', output: `${output}, within the interval` },
          { name: 'queue: success>=0.95', output, failure: `Expected success>=0.95, got ${output}` },
        ],
      },
    ])
  })
})
