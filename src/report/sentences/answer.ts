import { type CaseComparison, deniedAttempts, deniedShareOf, type Row, usualQuota } from '../../compare/comparison.ts'
import { leadersOf } from '../../compare/leaders.ts'
import type { RankMetric } from '../../compare/ranking.ts'
import { maximum, minimum } from '../../core/extremes.ts'
import { type Rule, rules } from '../../core/limit.ts'
import type { Outcome } from '../../harness/trace.ts'
import { decimal, duration, percent, shortDuration, whole } from '../figures/figures.ts'
import { articleSentence } from './article.ts'
import { comparedSentence } from './compared.ts'
import { leastRankText, limitWords, listed, name, names } from './phrases.ts'

/** The result of one case in sentences. Names of strategies and rules are in backticks. */
export interface CaseAnswer {
  /** The answer to the scenario's question. */
  readonly answer: string
  /** The reasons: the rules that denied the strategy of the answer, and how most calls of the other strategies ended. */
  readonly why: string
  /** The differences from the baseline. Absent when the case has none. */
  readonly compared?: string
  /** The results of the article's solutions. Absent when none took part. */
  readonly article?: string
}

export function answerCase(chosen: CaseComparison, seeds: number): CaseAnswer {
  const { rows } = chosen
  const answer = answerOf(chosen, seeds)
  const why = chosen.calls > 0 && rows.length > 0 ? whyOf(chosen, seeds) : 'Nothing was sent.'
  const article = articleSentence(rows)
  const compared = comparedSentence(chosen)
  return {
    answer,
    why,
    ...(compared !== undefined && { compared }),
    ...(article !== undefined && { article }),
  }
}

/** The sentences in the order in which a report shows them. */
export function sentencesOf({ answer, why, compared, article }: CaseAnswer): string[] {
  return [answer, why, compared, article].filter((sentence) => sentence !== undefined)
}

function answerOf({ rows, calls, rankedBy }: CaseComparison, seeds: number): string {
  if (rows.length === 0) return 'No strategy took part.'
  if (!(calls > 0)) return 'No call was offered, so there is nothing to compare.'
  if (rows.every(({ metrics }) => metrics.success.value === 0))
    return `No strategy answers any of the ${whole(calls)} calls.`
  if (rows.every(({ metrics }) => metrics.efficiency.value === 0))
    return 'No strategy reaches any share of what is reachable.'
  const leaders = leadersOf(rows, seeds)
  const subject = subjectOf(rows, seeds)
  const answered = `answers ${percent(subject.metrics.success.value)} of the ${whole(calls)} calls${waits(subject)}`
  const first =
    leaders.length === 0
      ? unranked(subject, rows, seeds, rankedBy)
      : rankedBy === 'excessWait'
        ? leastWait(leaders, rows, seeds)
        : firstPlace(leaders, rows, seeds)
  return `${first} ${answered}${mostAnswered(rows, subject)}${rankedBy === 'efficiency' ? leaderOnUsual(rows, leaders) : ''}.`
}

/** The beginning of the answer when there are too few seeds for ranks. */
function unranked(first: Row, rows: readonly Row[], seeds: number, rankedBy: RankMetric): string {
  const quota = hasSeveralQuotas(rows) ? ` (${first.quotaText})` : ''
  const isByWait = rankedBy === 'excessWait'
  const reached = isByWait
    ? `${excess(first)} more than it would have to${quota}`
    : `at ${efficiencyRange([first])} of what is reachable on its quota${quota}`
  if (rows.length === 1) return `${name(first)} ${isByWait ? 'waits' : 'stands'} ${reached} and`
  const few = seeds === 1 ? 'One seed cannot' : `${seeds} seeds cannot`
  const what = isByWait
    ? `the shortest wait is that of ${name(first)}, `
    : `the highest efficiency is that of ${name(first)}, `
  return `${few} tell a difference from chance; ${what}${reached}: it`
}

/** The beginning of the answer where the quota can answer all calls without a wait, so that only waits tell strategies apart. */
function leastWait(leaders: readonly Row[], rows: readonly Row[], seeds: number): string {
  const [first] = leaders
  if (rows.length === 1) return `${name(first!)} waits ${excess(first!)} more than it would have to and`
  if (leaders.length === 1)
    return `${name(first!)} waits least, ${excess(first!)} more than it would have to on average: it`
  const waits = leaders.map(({ metrics }) => metrics.excessWait.value)
  const [least, most] = [minimum(waits), maximum(waits)].map(shortDuration)
  const range = least === most ? least : `${least} to ${most}`
  return (
    `${names(leaders)} wait least, ${range} more than they would have to on average, and ` +
    `${alikeText(leaders, 'the first', 'excessWait', seeds)}; ${name(rowWithGreatest(leaders, 'success'))}`
  )
}

/** Says that the rows of one rank do not differ: not for certain, or not by enough to matter. */
function alikeText(leaders: readonly Row[], head: string, by: RankMetric, seeds: number): string {
  const apart = leaders.length > 2 ? `the others from ${head}` : 'them apart'
  return `${seeds} seeds do not tell ${apart} by ${leastRankText(by)} or more`
}

function excess({ metrics }: Row): string {
  return shortDuration(metrics.excessWait.value)
}

/** The row that the answer is about: of the leaders the one that answers most calls, and the first row when there is no leader. */
function subjectOf(rows: readonly Row[], seeds: number): Row {
  const leaders = leadersOf(rows, seeds)
  return leaders.length > 0 ? rowWithGreatest(leaders, 'success') : rows[0]!
}

/**
 * The beginning of the answer, which names the leaders. When there are several, it ends with the name of the one that answers most
 * calls, so that the rest of the sentence is about that one.
 */
function firstPlace(leaders: readonly Row[], rows: readonly Row[], seeds: number): string {
  const whose = leaders.length > 1 ? 'their' : 'its'
  const quota = leaders.length === 1 && hasSeveralQuotas(rows) ? ` (${leaders[0]!.quotaText})` : ''
  const reached = `at ${efficiencyRange(leaders)} of what is reachable on ${whose} quota${quota}`
  if (rows.length === 1) return `${names(leaders)} stands ${reached} and`
  if (leaders.length === 1) return `${names(leaders)} comes closest to the optimum, ${reached}: it`
  const alike = alikeText(leaders, 'the most efficient', 'efficiency', seeds)
  return `${names(leaders)} come closest to the optimum, ${reached}, and ${alike}; ${name(rowWithGreatest(leaders, 'success'))}`
}

/** The waits, when at least half of the calls were answered. */
function waits({ metrics: { waitP50, waitP95 } }: Row): string {
  if (!Number.isFinite(waitP50.value)) return ''
  const rest = Number.isFinite(waitP95.value) ? ` and 95 % within ${duration(waitP95.value)}` : ''
  return `, half of them admitted within ${duration(waitP50.value)}${rest}`
}

/** Names the row that answers most calls, when it is another: ranks go by efficiency, and a row may answer more from a larger quota, or more slowly. */
function mostAnswered(rows: readonly Row[], than: Row): string {
  const fullest = rowWithGreatest(rows, 'success')
  const success = fullest.metrics.success.value
  return success - than.metrics.success.value > 0.005 ? `; ${name(fullest)} answers more, ${percent(success)}` : ''
}

/** Names the best row on the quota that most rows use, when all leaders use another. */
function leaderOnUsual(rows: readonly Row[], leaders: readonly Row[]): string {
  const usual = usualQuota(rows)
  const onUsual = rows.filter(({ quotaText: quota }) => quota === usual)
  if (leaders.length === 0 || onUsual.length < 2 || leaders.some(({ quotaText: quota }) => quota === usual)) return ''
  return `; on ${usual}, ${name(onUsual[0]!)} leads with ${percent(onUsual[0]!.metrics.efficiency.value)} of what is reachable there`
}

function hasSeveralQuotas(rows: readonly Row[]): boolean {
  return new Set(rows.map(({ quotaText: quota }) => quota)).size > 1
}

function whyOf(chosen: CaseComparison, seeds: number): string {
  const { rows, calls } = chosen
  const clauses = [denialClause(subjectOf(rows, seeds), chosen)]
  const endings: readonly [readonly Outcome[], string, string][] = [
    [['throttled'], 'hands a 429 back to most callers', 'hand a 429 back to most callers'],
    [['expired'], 'keeps most callers waiting past their patience', 'keep most callers waiting past their patience'],
    [['failed'], 'ends most calls with another failure', 'end most calls with another failure'],
    [['unfinished', 'dropped'], 'leaves most calls pending at the end', 'leave most calls pending at the end'],
  ]
  for (const [ends, singular, plural] of endings) {
    const affected = rows.filter(({ outcomes }) => ends.reduce((total, end) => total + outcomes[end], 0) > calls / 2)
    if (affected.length > 0) clauses.push(`${names(affected)} ${affected.length > 1 ? plural : singular}`)
  }
  const [first, greediest] = [rows[0]!, rowWithGreatest(rows, 'amplification')]
  const [its, greatest] = [first.metrics.amplification.value, greediest.metrics.amplification.value]
  if (greatest > 1.1 * its)
    clauses.push(`${name(first)} sends ${decimal(its)} attempts a call, ${name(greediest)} ${decimal(greatest)}`)
  return `${clauses.join('; ')}.`
}

/** The rules that denied a row's attempts. An attempt counts at every rule that would have denied it, whichever was asked first. */
function denialClause(row: Row, chosen: CaseComparison): string {
  if (chosen.rows.every((each) => deniedAttempts(each) === 0)) return 'No attempt was denied'
  if (deniedAttempts(row) === 0) return `No attempt of ${name(row)} was denied`
  const denying = rules
    .filter((rule) => row.deniedBy[rule] > 0)
    .sort((a, b) => row.deniedBy[b] - row.deniedBy[a])
    .map((rule) => {
      const share = deniedShareOf(row, rule)
      return `${share === 1 ? 'all' : percent(share)} exceed the ${ruleName(rule, chosen)}`
    })
  return `Of the denied attempts of ${name(row)}, ${listed(denying)}`
}

function ruleName(rule: Rule, chosen: CaseComparison): string {
  if (rule === 'burst') return 'burst guard'
  if (rule === 'free') return 'free quota'
  if (rule === 'concurrency') return 'limit on requests in flight'
  return rule === 'rps' ? `\`rps\` limit (${limitWords(chosen, ' calls a second')})` : `\`${rule}\` limit`
}

function rowWithGreatest(rows: readonly Row[], metric: 'success' | 'amplification'): Row {
  return rows.reduce((a, b) => (b.metrics[metric].value > a.metrics[metric].value ? b : a))
}

function efficiencyRange(rows: readonly Row[]): string {
  const values = rows.map(({ metrics }) => metrics.efficiency.value)
  const [low, high] = [percent(minimum(values)), percent(maximum(values))]
  if (low === high) return low
  return high.startsWith('>') ? `${low} or more` : `${low} to ${high}`
}
