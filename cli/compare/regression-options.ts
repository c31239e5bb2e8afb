import { didYouMean } from '../../src/checks/did-you-mean.ts'
import { InputError, inputErrorOf } from '../../src/checks/input-error.ts'
import { metricNamed, metricWords } from '../../src/compare/metric-kinds.ts'
import { readMetricValue } from '../../src/compare/metric-value.ts'
import type { Metrics } from '../../src/compare/raw-result.ts'
import { defaultLeast, type LeastDifference } from '../../src/compare/regression.ts'
import { show } from '../../src/core/expect.ts'

/** Reads the names or aliases of `--metrics`. Throws an `InputError` that lists every unknown one. */
export function metricsOf(typed: readonly string[]): (keyof Metrics)[] {
  if (typed.length === 0) throw new InputError('Expected `--metrics` to name at least one metric, got none')
  const problems = typed
    .filter((word) => metricNamed(word) === undefined)
    .map((word) => unknownMetric('--metrics', word))
  if (problems.length > 0) throw inputErrorOf(problems)
  return [...new Set(typed.map((word) => metricNamed(word)!))]
}

const leastForms = 'a share such as 0.01 or 1%, or a metric and its difference such as p95=500ms'

/**
 * Reads the values of `--least`: a share of the larger figure, such as `0.02` or `2%`, or the difference of one metric in its own unit,
 * such as `p95=500ms` or `success=0.5%`. A later value takes the place of an earlier one. Throws an `InputError` that lists every problem.
 */
export function leastOf(typed: readonly string[]): LeastDifference {
  const problems: string[] = []
  let { share } = defaultLeast
  const byMetric: Partial<Record<keyof Metrics, number>> = {}
  for (const text of typed) {
    const [, word, figure = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
    if (word === undefined) {
      // The share of the larger figure is written as any share is.
      const read = readMetricValue('--least', 'success', text)
      if ('value' in read) share = read.value
      else problems.push(`Expected \`--least\` to be ${leastForms}, got ${show(text)}`)
      continue
    }
    const metric = metricNamed(word)
    const read = metric ? readMetricValue('--least', metric, figure) : { problem: unknownMetric('--least', word) }
    if ('problem' in read) problems.push(read.problem)
    else byMetric[metric!] = read.value
  }
  if (problems.length > 0) throw inputErrorOf(problems)
  return { share, byMetric }
}

function unknownMetric(option: string, word: string): string {
  return `Expected \`${option}\` to name one of the metrics ${metricWords.join(', ')}, got ${show(word)}${didYouMean(word, metricWords)}`
}
