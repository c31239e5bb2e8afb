import { answerLevel } from '../answer-level.ts'
import { type Comparison, comparisonOf, type Row } from '../comparison.ts'
import { leadersOf } from '../leaders.ts'
import { isRanked, type RankMetric, rankRows } from '../ranking.ts'
import type { RawResult } from '../raw-result.ts'
import { type Conclusion, defaultLeast, regressionOf } from '../regression.ts'
import { conclusionsOf, figuresOf, measuredRows, orders, type StudyConclusion } from './conclusions.ts'

/** What another study makes of a conclusion, when it does not draw the same one. */
export interface ConclusionChange extends StudyConclusion {
  /** `flips`: the other study tells the opposite. `weakens`: it neither confirms the conclusion nor tells the opposite. */
  readonly outcome: 'flips' | 'weakens'
  /** The figures of the same strategies in the other study. */
  readonly under: readonly number[]
  /** The strategies that lead in the other study. Only a conclusion of the kind `lead` has them. */
  readonly leaders?: readonly string[]
}

/** The least change in the share of answered calls that flips a conclusion. With it a share close to a boundary between levels flips nothing. */
export const leastAnswered = 0.1

/** A study with its conclusions, which other studies on the same seeds may change. */
export interface ConcludedStudy {
  readonly result: RawResult
  readonly comparison: Comparison
  readonly conclusions: readonly StudyConclusion[]
}

/** Draws the conclusions of a study. */
export function concluded(result: RawResult): ConcludedStudy {
  const comparison = comparisonOf(result)
  return { result, comparison, conclusions: conclusionsOf(comparison) }
}

/**
 * Returns what another study changes in the conclusions of a first one. Both have the same seeds, so that differences are taken seed by
 * seed. Nothing is said of a conclusion whose strategies did not all take part, as of one that failed.
 */
export function changesUnder(tried: ConcludedStudy, other: RawResult): ConclusionChange[] {
  const { result, conclusions } = tried
  const caseBefore = (name: string) => tried.comparison.cases.find((each) => each.name === name)
  const comparison = comparisonOf(other)
  const moves = movesBetween(result, other)
  return comparison.cases.flatMap((chosen) => {
    // The metric is that of the first study, so that both are asked the same question.
    const before = caseBefore(chosen.name)
    if (!before) return []
    const { rankedBy } = before
    const rows = rankRows(measuredRows(chosen), rankedBy)
    const leaders = leadersOf(rows, other.study.seeds.length)
    const was = measuredRows(before)
    const led = leadersOf(was, other.study.seeds.length)
    const rowOf = (id: string) => rows.find((row) => row.id === id)
    const testable = conclusions
      .filter((each) => each.case === chosen.name)
      .map((conclusion) => ({ conclusion, own: conclusion.strategies.map(rowOf).filter((row) => row !== undefined) }))
      .filter(({ conclusion, own }) => own.length === conclusion.strategies.length)
    const pairs = testable.filter(({ conclusion }) => conclusion.kind === 'order')
    const told = orders(
      pairs.map(({ own }) => [own[0]!, own[1]!]),
      rankedBy,
    )
    return testable.flatMap(({ conclusion, own }): ConclusionChange[] => {
      const under = figuresOf(own, conclusion.metric)
      if (conclusion.kind === 'lead') {
        const outcome = leadOutcome({ was, led, former: own, leaders, rankedBy })
        return outcome ? [{ ...conclusion, outcome, under, leaders: leaders.map(({ id }) => id) }] : []
      }
      const outcome =
        conclusion.kind === 'answers'
          ? answersOutcome(conclusion.figures[0]!, under[0]!, moves(chosen.name, own[0]!.id))
          : orderOutcome(told[pairs.findIndex((pair) => pair.conclusion === conclusion)]!)
      return outcome ? [{ ...conclusion, outcome, under }] : []
    })
  })
}

type Outcome = ConclusionChange['outcome'] | undefined

/**
 * `was` are the rows of the first study, `led` its leaders, and `former` the rows of these in the other study, which `leaders` lead. A
 * strategy counts as a leader that is lost, or that joined, only where a paired test tells it from the best leader by a relevant difference.
 * Without any leader no strategy reaches any share of the optimum, and the former leaders do not either.
 */
function leadOutcome({ was, led, former, leaders, rankedBy }: Leads): Outcome {
  if (leaders.length === 0) return 'flips'
  const lost = toldFrom(bestOf(leaders, rankedBy), without(former, leaders), rankedBy)
  const joined = toldFrom(bestOf(led, rankedBy), without(was, former).filter(isAmong(leaders)), rankedBy)
  if (lost.length === former.length) return 'flips'
  return lost.length + joined.length > 0 ? 'weakens' : undefined
}

function isAmong(rows: readonly Row[]): (row: Row) => boolean {
  const ids = rows.map(({ id }) => id)
  return ({ id }) => ids.includes(id)
}

function without(rows: readonly Row[], others: readonly Row[]): Row[] {
  const isOther = isAmong(others)
  return rows.filter((row) => !isOther(row))
}

/** The rows among which a lead is lost or kept. */
interface Leads {
  readonly was: readonly Row[]
  readonly led: readonly Row[]
  readonly former: readonly Row[]
  readonly leaders: readonly Row[]
  readonly rankedBy: RankMetric
}

function bestOf(rows: readonly Row[], rankedBy: RankMetric): Row {
  return rankRows(rows, rankedBy)[0]!
}

/** The rows than which the first one is told to be better. */
function toldFrom(first: Row, rows: readonly Row[], rankedBy: RankMetric): Row[] {
  const told = orders(
    rows.map((row) => [first, row]),
    rankedBy,
  )
  return rows.filter((_, i) => told[i] === 'better')
}

function answersOutcome(before: number, under: number, move: Conclusion): Outcome {
  const isTold = move === 'better' || move === 'worse'
  if (answerLevel(before) === answerLevel(under)) return isTold ? 'weakens' : undefined
  return isTold ? 'flips' : 'weakens'
}

function orderOutcome(order: Conclusion): Outcome {
  if (order === 'better') return undefined
  return order === 'worse' ? 'flips' : 'weakens'
}

/**
 * Returns a function that says how the share of answered calls of a strategy in a case differs between two studies. With too few seeds for
 * ranks no difference is told.
 */
function movesBetween(first: RawResult, second: RawResult): (name: string, strategy: string) => Conclusion {
  if (!isRanked(first.study.seeds.length)) return () => 'not distinguishable'
  const { rows } = regressionOf(
    { label: 'first', result: first },
    { label: 'second', result: second },
    { metrics: ['success'], least: { ...defaultLeast, byMetric: { success: leastAnswered } } },
  )
  const moves = new Map(rows.map((row) => [JSON.stringify([row.case, row.strategyBefore]), row.conclusion]))
  return (name, strategy) => moves.get(JSON.stringify([name, strategy])) ?? 'not distinguishable'
}
