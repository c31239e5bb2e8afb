import { didYouMean } from '../checks/did-you-mean.ts'
import { show } from '../core/expect.ts'
import type { Comparison } from './comparison.ts'
import { metricNamed, metricWords } from './metric-kinds.ts'
import { readMetricValue } from './metric-value.ts'
import type { CaseFacts, Contestant, Metrics } from './raw-result.ts'
import type { Estimate } from './statistics.ts'

/** A bound that a metric must keep, such as `retry-pace.success>=99%`. */
export interface Threshold {
  /** The threshold as it was typed. */
  readonly text: string
  readonly metric: keyof Metrics
  readonly relation: '<' | '<=' | '>' | '>='
  /** In the unit of the metric. */
  readonly bound: number
  /** The id of the strategy that it is for. Default: all strategies. */
  readonly strategy?: string
  /** The name of the case that it is for. Default: all cases in which the strategy takes part. */
  readonly case?: string
}

/** Whether one strategy keeps a threshold in one case. */
export interface Judgement {
  readonly threshold: Threshold
  readonly case: string
  readonly strategy: string
  /** NaN for a strategy that failed. */
  readonly estimate: Estimate
  /** What a strategy that failed did wrong. Default: it did not fail. */
  readonly fault?: string
  /** Whether the mean over the seeds keeps the bound. A figure that does not exist keeps none. */
  readonly isKept: boolean
  /** Whether the bound lies within the 95 % interval of the mean, so that other seeds may give the other answer. */
  readonly isClose: boolean
}

/** A threshold, or a sentence that says what is wrong with its text. */
export type ThresholdRead = { readonly threshold: Threshold } | { readonly problem: string }

/**
 * Reads a threshold: `[strategy.]metric[@case] relation value`, where the relation is one of `<`, `<=`, `>` and `>=`. The value is read by
 * `readMetricValue`. `field` names the text in messages, such as `--threshold`.
 */
export function readThreshold(field: string, text: string): ThresholdRead {
  const [, target, relation, typed] = /^([^<>]*[^<>\s])\s*(<=|>=|<|>)\s*([^<>=\s][^<>=]*)$/.exec(text.trim()) ?? []
  if (target === undefined || typed === undefined)
    return {
      problem: `Expected \`${field}\` to be a metric, one of < <= > >= and a value, such as success>=0.99, p95<30s or retry-pace.attempts<=1.2, got ${show(text)}`,
    }
  const [, strategy, word = '', chosen] = /^(?:(.+)\.)?([^.@]*)(?:@(.*))?$/.exec(target) ?? []
  const metric = metricNamed(word)
  if (metric === undefined)
    return {
      problem: `Expected \`${field}\` to name one of the metrics ${metricWords.join(', ')}, got ${show(word)}${didYouMean(word, metricWords)}`,
    }
  const read = readMetricValue(field, metric, typed)
  if ('problem' in read) return read
  const threshold = { text: text.trim(), metric, relation: relation as Threshold['relation'], bound: read.value }
  return {
    threshold: {
      ...threshold,
      ...(strategy !== undefined && { strategy }),
      ...(chosen !== undefined && { case: chosen }),
    },
  }
}

/** A case, and the strategies that take part in it. */
interface CaseNames extends Pick<CaseFacts, 'name'> {
  readonly contestants: readonly Pick<Contestant, 'id'>[]
}

/** Returns a sentence when the cases do not have the strategy or the case of a threshold. */
export function thresholdProblems(field: string, threshold: Threshold, cases: readonly CaseNames[]): string[] {
  const names = cases.map(({ name }) => name)
  if (threshold.case !== undefined && !names.includes(threshold.case))
    return [notThere(field, threshold, 'a case of the scenario', names, threshold.case)]
  const chosen = cases.filter(({ name }) => threshold.case === undefined || name === threshold.case)
  const ids = [...new Set(chosen.flatMap(({ contestants }) => contestants.map(({ id }) => id)))]
  if (threshold.strategy === undefined || ids.includes(threshold.strategy)) return []
  const place = threshold.case === undefined ? '' : ` in the case ${threshold.case}`
  return [notThere(field, threshold, `a strategy that takes part${place}`, ids, threshold.strategy)]
}

function notThere(field: string, { text }: Threshold, what: string, known: readonly string[], named: string): string {
  const hint = didYouMean(named, known)
  return `Expected \`${field} ${text}\` to name ${what} (${known.join(', ')}), got ${show(named)}${hint}`
}

const noFigure: Estimate = { value: Number.NaN, low: Number.NaN, high: Number.NaN }

/**
 * Judges each threshold for every case and strategy that it is for, in the order of the thresholds, the cases and the ranks. A strategy that failed
 * keeps none, in no case.
 */
export function judgeThresholds(thresholds: readonly Threshold[], { cases, failed = [] }: Comparison): Judgement[] {
  return thresholds.flatMap((threshold) =>
    cases
      .filter(({ name }) => threshold.case === undefined || name === threshold.case)
      .flatMap(({ name, rows }) => {
        const isMeant = ({ id }: { readonly id: string }) =>
          threshold.strategy === undefined || id === threshold.strategy
        const of = { threshold, case: name }
        return [
          ...rows.filter(isMeant).map(({ id, metrics }) => {
            const estimate = metrics[threshold.metric] ?? noFigure
            const { low, high, value } = estimate
            const isKept = keeps(value, threshold)
            const isClose = low < high && keeps(low, threshold) !== keeps(high, threshold)
            return { ...of, strategy: id, estimate, isKept, isClose }
          }),
          ...failed.filter(isMeant).map(({ id, message: fault }) => {
            return { ...of, strategy: id, estimate: noFigure, fault, isKept: false, isClose: false }
          }),
        ]
      }),
  )
}

function keeps(value: number, { relation, bound }: Threshold): boolean {
  if (relation === '<') return value < bound
  if (relation === '<=') return value <= bound
  return relation === '>' ? value > bound : value >= bound
}
