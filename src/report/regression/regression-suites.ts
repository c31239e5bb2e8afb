import type { Regression } from '../../compare/regression.ts'
import { rowText } from '../figures/row-text.ts'
import type { TestSuite } from '../junit.ts'

/** The differences as tests, a suite for each case: a metric that became worse is a failed test. */
export function regressionSuites({ before, after, currency, rows }: Regression): TestSuite[] {
  return [...Map.groupBy(rows, (row) => row.case)].map(([name, own]) => ({
    name: `${after} against ${before}.${name}`,
    tests: own.map((row) => {
      const text = rowText(row, currency)
      const output = `${text.before} before, ${text.after} after: ${text.difference}, ${row.conclusion}`
      return {
        name: `${text.strategy}: ${text.metric}`,
        output,
        ...(row.conclusion === 'worse' && {
          failure: `Expected ${text.metric} not to become worse, got ${text.difference}`,
        }),
      }
    }),
  }))
}
