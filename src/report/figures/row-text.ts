import { metricKinds } from '../../compare/metric-kinds.ts'
import type { Conclusion, RegressionRow } from '../../compare/regression.ts'
import { decimal, notApplicable } from './figures.ts'
import { metricEstimate, metricTable } from './metrics.ts'

/** The texts of one row of differences, which the terminal and Markdown share. */
export interface RowText {
  readonly strategy: string
  readonly metric: string
  readonly before: string
  readonly after: string
  /** The difference with its sign and its 95 % interval. */
  readonly difference: string
  readonly conclusion: string
}

/** The mark before each conclusion, so that a reader without colours finds what became worse. */
const marks: Readonly<Record<Conclusion, string>> = {
  better: '▲',
  worse: '▼',
  different: '◆',
  'too small': '·',
  'not distinguishable': '·',
}

export function rowText(row: RegressionRow, currency: string): RowText {
  const { metric, strategyBefore, strategyAfter, before, after, conclusion } = row
  const mean = (value: number) => metricEstimate(metric, { value, low: Number.NaN, high: Number.NaN }, currency)
  return {
    strategy: strategyBefore === strategyAfter ? strategyBefore : `${strategyBefore} → ${strategyAfter}`,
    metric: metricTable[metric].heading,
    before: mean(before.value),
    after: mean(after.value),
    difference: differenceText(row, currency),
    conclusion: `${marks[conclusion]} ${conclusion}`,
  }
}

/** Writes `+1.2 s (−0.1 s to +2.0 s)`. Shares differ by percentage points (pp), and a time that never ends from one that does by ∞. */
function differenceText({ metric, difference }: RegressionRow, currency: string): string {
  const { value, low, high } = difference
  const figure = (size: number) =>
    metricKinds[metric].kind === 'share'
      ? `${decimal(100 * size)} pp`
      : metricEstimate(metric, { value: size, low: Number.NaN, high: Number.NaN }, currency)
  const signed = (each: number) => {
    if (Number.isNaN(each)) return notApplicable
    if (each === 0) return figure(0)
    return `${each < 0 ? '−' : '+'}${Number.isFinite(each) ? figure(Math.abs(each)) : '∞'}`
  }
  if (Number.isNaN(low) || Number.isNaN(high) || low === high) return signed(value)
  return `${signed(value)} (${signed(low)} to ${signed(high)})`
}
