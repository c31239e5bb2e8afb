import { metricNames } from '../../compare/metric-kinds.ts'
import type { Conclusion, LeastDifference, Regression } from '../../compare/regression.ts'
import { percent } from '../figures/figures.ts'
import { metricEstimate, metricTable } from '../figures/metrics.ts'

const conclusions: readonly Conclusion[] = ['worse', 'better', 'different', 'too small', 'not distinguishable']

/** How many rows have each conclusion. */
export function conclusionCounts({ rows }: Regression): Record<Conclusion, number> {
  const count = (conclusion: Conclusion) => rows.filter((row) => row.conclusion === conclusion).length
  return Object.fromEntries(conclusions.map((conclusion) => [conclusion, count(conclusion)])) as Record<
    Conclusion,
    number
  >
}

/** The number of strategies that failed in the second result, as `1 failed`. Empty when none did. */
export function failedCount({ failed }: Regression): string[] {
  return failed.length === 0 ? [] : [`${failed.length} failed`]
}

/** One line that says what became better and worse: `reports/b against reports/a: 2 worse, 1 better, 58 not distinguishable`. */
export function headline(regression: Regression): string {
  const counts = conclusionCounts(regression)
  const parts = conclusions
    .filter((conclusion) => counts[conclusion] > 0)
    .map((conclusion) => `${counts[conclusion]} ${conclusion}`)
  const all = [...failedCount(regression), ...parts]
  return `${regression.after} against ${regression.before}: ${all.join(', ')}`
}

/** Sentences that say how the differences and the conclusions were computed. */
export function methodOf({ seeds, least, currency, rows }: Regression): string[] {
  const over = seeds.arePaired
    ? `over ${seeds.before} ${seeds.before === 1 ? 'seed' : 'seeds, compared pair by pair'}`
    : `of independent samples, ${seeds.before} and ${seeds.after} seeds`
  return [
    `A difference is the median of the second result minus the first, with its 95 % interval, ${over}.`,
    `A conclusion needs an interval that leaves out 0, and p < 0.05 after Holm’s correction for the ${rows.length} rows that were looked at: fewer strategies or metrics find more.`,
    `Relevant is a difference of at least ${leastText(least, currency)}.`,
  ]
}

function leastText({ share, byMetric }: LeastDifference, currency: string): string {
  const own = metricNames.flatMap((name) => {
    const value = byMetric[name]
    const bare = { value: value ?? 0, low: Number.NaN, high: Number.NaN }
    return value === undefined ? [] : [`${metricEstimate(name, bare, currency)} of ${metricTable[name].heading}`]
  })
  return [`${percent(share)} of the larger figure`, ...own].join(', or ')
}
