import type { Regression } from '../../compare/regression.ts'
import { rowText } from '../figures/row-text.ts'
import type { TestSuite } from '../junit.ts'

/**
 * The differences as tests, a suite for each case: a metric that became worse is a failed test. The strategies that failed have a suite of
 * their own.
 */
export function regressionSuites({ before, after, currency, rows, failed }: Regression): TestSuite[] {
  const cases = [...Map.groupBy(rows, (row) => row.case)].map(([name, own]) => ({
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
  if (failed.length === 0) return cases
  const tests = failed.map(({ id, message }) => ({
    name: `${id}: runs`,
    output: message,
    failure: `Expected ${id} to run, but it failed: ${message}`,
  }))
  return [{ name: `${after} against ${before}.failed`, tests }, ...cases]
}
