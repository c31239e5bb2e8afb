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

const ones = new Array<number>(6).fill(1)
const never = new Array<number>(6).fill(Infinity)

const before = madeResult({
  'below-quota': {
    queue: figures([0.9, 0.91, 0.92, 0.9, 0.91, 0.92], [12_000, 12_400, 11_800, 12_100, 12_300, 11_900], ones, 60_000),
    'retry-pace': figures(ones, never, [1.3, 1.31, 1.32, 1.3, 1.31, 1.32], 61_000),
  },
  above: {
    queue: figures([0.5, 0.4, 0.6, 0.5, 0.4, 0.6], [40_000, 41_000, 44_000, 40_000, 41_000, 44_000], ones, 90_000),
  },
})

const after = madeResult({
  'below-quota': {
    queue: figures(
      [0.8, 0.811, 0.822, 0.801, 0.812, 0.821],
      [12_050, 12_450, 11_850, 12_150, 12_350, 11_950],
      ones,
      66_000,
    ),
    'retry-pace': figures(ones, [9000, 9100, 9200, 9000, 9100, 9200], [1.2, 1.21, 1.22, 1.2, 1.21, 1.22], 61_000),
  },
  above: {
    queue: figures(
      [0.5, 0.6, 0.41, 0.5, 0.6, 0.41],
      [40_000, 40_000, Infinity, 40_000, 40_000, Infinity],
      ones,
      90_000,
    ),
    hedge: figures(ones, ones, [2, 2, 2, 2, 2, 2], 1),
  },
})

/** Differences with every conclusion, an infinite one and one whose interval is not symmetric. */
export const regression = regressionOf(
  { label: 'reports/old', result: before },
  { label: 'reports/new', result: after },
  { least: { ...defaultLeast, byMetric: { amplification: 0.05 } } },
)
