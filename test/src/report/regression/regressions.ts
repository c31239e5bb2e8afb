import { defaultLeast, regressionOf } from '../../../../src/compare/regression.ts'
import { madeResult } from '../../../golden/made-result.ts'

const figures = (success: readonly number[], wait: readonly number[], attempts: readonly number[], makespan: number) =>
  success.map((each, i) => ({
    success: each,
    waitP50: wait[i]! / 10,
    waitP95: wait[i]!,
    amplification: attempts[i]!,
    makespan,
    cost: each / 10,
  }))

const before = madeResult({
  'below-quota': {
    queue: figures([0.9, 0.91, 0.92], [12_000, 12_400, 11_800], [1, 1, 1], 60_000),
    'retry-pace': figures([1, 1, 1], [Infinity, Infinity, Infinity], [1.3, 1.31, 1.32], 61_000),
  },
  above: { queue: figures([0.5, 0.4, 0.6], [40_000, 41_000, 44_000], [1, 1, 1], 90_000) },
})

const after = madeResult({
  'below-quota': {
    queue: figures([0.8, 0.811, 0.822], [12_050, 12_450, 11_850], [1, 1, 1], 66_000),
    'retry-pace': figures([1, 1, 1], [9000, 9100, 9200], [1.2, 1.21, 1.22], 61_000),
  },
  above: {
    queue: figures([0.5, 0.6, 0.41], [40_000, 40_000, Infinity], [1, 1, 1], 90_000),
    hedge: figures([1, 1, 1], [1, 1, 1], [2, 2, 2], 1),
  },
})

/** Differences with every conclusion, an infinite one and one whose interval is not symmetric. */
export const regression = regressionOf(
  { label: 'reports/old', result: before },
  { label: 'reports/new', result: after },
  { least: { ...defaultLeast, byMetric: { amplification: 0.05 } } },
)
