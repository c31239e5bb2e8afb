import type { Regression, RegressionRow } from '../../compare/regression.ts'
import { metricTable } from '../figures/metrics.ts'
import { indentedJson, jsonInterval, jsonNumber } from '../json-text.ts'
import { conclusionCounts } from './regression-sentences.ts'

/** The name of the format that `compare.schema.json` describes. The number changes when the format changes. */
const compareSchemaName = 'ratelab.compare/1'

/** Renders differences for programs: six significant digits, and null for a value that is infinite or does not exist. */
export function jsonRegressions(regressions: readonly Regression[]): string {
  return `${indentedJson({ schema: compareSchemaName, comparisons: regressions.map(regressionData) })}\n`
}

function regressionData(regression: Regression) {
  const { before, after, currency, seeds, least, remarks, rows, failed } = regression
  const own = Object.entries(least.byMetric).map(([name, value]) => [
    metricTable[name as keyof typeof metricTable].json,
    jsonNumber(value),
  ])
  return {
    before,
    after,
    currency,
    seeds: { paired: seeds.arePaired, before: seeds.before, after: seeds.after },
    least: { share: jsonNumber(least.share), by_metric: Object.fromEntries(own) },
    counts: Object.fromEntries(
      Object.entries(conclusionCounts(regression)).map(([conclusion, count]) => [
        conclusion.replaceAll(' ', '_'),
        count,
      ]),
    ),
    ...(failed.length > 0 && { failed: failed.map(({ id, message }) => ({ id, message })) }),
    remarks,
    rows: rows.map(rowData),
  }
}

function rowData({
  case: name,
  strategyBefore,
  strategyAfter,
  metric,
  before,
  after,
  difference,
  conclusion,
}: RegressionRow) {
  return {
    case: name,
    strategy_before: strategyBefore,
    strategy_after: strategyAfter,
    metric: metricTable[metric].json,
    before: jsonInterval(before),
    after: jsonInterval(after),
    difference: jsonInterval(difference),
    p: jsonNumber(difference.p),
    conclusion: conclusion.replaceAll(' ', '_'),
  }
}
