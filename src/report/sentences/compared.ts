import { type CaseComparison, type Row, usualQuota } from '../../compare/comparison.ts'
import type { Estimate } from '../../compare/statistics.ts'
import { duration, percent } from '../figures/figures.ts'
import { listed, name, names } from './phrases.ts'

/** The greatest number of differences that are named; they are the largest. Further ones are counted. */
const mostListed = 4

/** The least difference in the share of answered calls that is named. A smaller one does not matter, even if it is significant. */
const leastShare = 0.005

/** The least ratio of two waits, or of two makespans, that is named. */
const leastRatio = 1.05

interface Difference {
  readonly row: Row
  /** The larger of the two figures divided by the smaller, so it is at least 1. */
  readonly ratio: number
  readonly words: string
}

/** The differences from the baseline in a sentence. Returns undefined without a baseline, or when no strategy took part in both cases. */
export function comparedSentence({ rows, baseline }: CaseComparison): string | undefined {
  if (!baseline) return undefined
  const pairs = rows.flatMap((row) => {
    const before = baseline.rows.find(({ id }) => id === row.id)
    return before ? [{ row, before }] : []
  })
  if (pairs.length === 0) return undefined
  const differences = pairs.flatMap(({ row, before }) => differenceOf(row, before) ?? [])
  const alike = pairs.map(({ row }) => row).filter((row) => !differences.some((difference) => difference.row === row))
  const clauses = [
    ...differenceClause(differences),
    ...(alike.length > 0 ? [`${names(alike)} hardly ${alike.length > 1 ? 'differ' : 'differs'}`] : []),
    ...optimumClause(rows, baseline.rows),
  ]
  return `Compared with “${baseline.title}”, ${clauses.join('; ')}.`
}

/** The difference in the share of answered calls; when there is none, the difference in the wait. */
function differenceOf(row: Row, before: Row): Difference | undefined {
  const [success, successBefore] = [row.metrics.success, before.metrics.success]
  if (areDisjoint(success, successBefore) && Math.abs(success.value - successBefore.value) > leastShare) {
    const words = `answers ${percent(success.value)} of the calls instead of ${percent(successBefore.value)}`
    return { row, ratio: ratioOf(success.value, successBefore.value), words }
  }
  const [wait, waitBefore] = [row.metrics.waitP95, before.metrics.waitP95]
  if (!areDisjoint(wait, waitBefore) || ratioOf(wait.value, waitBefore.value) < leastRatio) return undefined
  const words = `has 95 % admitted within ${duration(wait.value)} instead of ${duration(waitBefore.value)}`
  return { row, ratio: ratioOf(wait.value, waitBefore.value), words }
}

/** Whether the intervals of two finite figures are disjoint. With one seed there are no intervals, and the answer is yes. */
function areDisjoint(a: Estimate, b: Estimate): boolean {
  if (!Number.isFinite(a.value) || !Number.isFinite(b.value)) return false
  return !(a.low <= b.high && b.low <= a.high)
}

function ratioOf(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b)
}

function differenceClause(differences: readonly Difference[]): string[] {
  if (differences.length === 0) return []
  const largest = [...differences].sort((a, b) => b.ratio - a.ratio).slice(0, mostListed)
  const rest = differences.length - largest.length
  const clauses = largest.map(({ row, words }) => `${name(row)} ${words}`)
  return [listed(rest > 0 ? [...clauses, `${rest} more differ`] : clauses)]
}

/** The difference between the two reachable makespans, on the quota that most strategies use, if it matters and is none of chance. */
function optimumClause(rows: readonly Row[], beforeRows: readonly Row[]): string[] {
  const quota = usualQuota(rows)
  const [now, before] = [rows, beforeRows].map(
    (each) => each.find((row) => row.quotaText === quota)?.optimum.reachableMakespan,
  )
  if (!now || !before || !areDisjoint(now, before) || ratioOf(now.value, before.value) < leastRatio) return []
  return [`all that is reachable is done after ${duration(now.value)} instead of ${duration(before.value)}`]
}
