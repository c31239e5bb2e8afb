import { minimum } from '../../core/extremes.ts'
import { holm, pairedDifference } from '../difference.ts'
import { isRanked, leastRankDifference, significance } from '../ranking.ts'
import { estimate, mean, quantile, sorted } from '../statistics.ts'
import type { Tournament, TournamentContestant, WorldResult } from './tournament.ts'

/** What one strategy reached over all worlds of a tournament. */
export interface TournamentStanding extends TournamentContestant {
  /** 1 and the number of strategies that are better beyond chance. NaN with too few worlds for a rank. */
  readonly rank: number
  /** The efficiency in each world, in the order of the worlds: the median over the seeds. */
  readonly efficiency: readonly number[]
  /** The mean, the median and the least of these. */
  readonly mean: number
  readonly median: number
  readonly least: number
  /** The number of the world of the least. */
  readonly worstWorld: number
  /** The least efficiency of a single run. */
  readonly leastRun: number
  /** Attempts ÷ calls, the mean over the worlds. */
  readonly attempts: number
  /** How it did against each strategy, in the order of the standings. */
  readonly against: readonly Against[]
}

/** How a strategy did against another one. Against itself there are no wins and no losses. */
export interface Against {
  /** The number of worlds in which its efficiency was greater by `leastRankDifference` or more. */
  readonly wins: number
  /** The number of worlds in which that of the other was. */
  readonly losses: number
  /** The p-value of the paired t-test over the worlds, after Holm's correction for all pairs. NaN against itself. */
  readonly p: number
}

type Unranked = Omit<TournamentStanding, 'rank' | 'against'>

/** Returns the standings, the greatest mean first. A contestant that failed in a world has none. */
export function standingsOf({ facts, worlds }: Tournament): readonly TournamentStanding[] {
  const unranked = facts.contestants
    .flatMap((contestant) => unrankedStanding(contestant, worlds))
    .sort((a, b) => b.mean - a.mean)
  const pValues = correctedPValues(unranked)
  return unranked.map((own, i) => {
    const against = unranked.map((other, j) => ({ ...winsOf(own, other), p: pValues(i, j) }))
    const better = unranked.filter((other, j) => other.mean > own.mean && against[j]!.p < significance)
    return { ...own, rank: isRanked(worlds.length) ? 1 + better.length : Number.NaN, against }
  })
}

function unrankedStanding(contestant: TournamentContestant, worlds: readonly WorldResult[]): Unranked[] {
  const rows = worlds.flatMap(({ rows }) => rows.filter(({ id }) => id === contestant.id))
  if (rows.length < worlds.length || rows.length === 0) return []
  const efficiency = rows.map((row) => estimate(row.efficiency).value)
  const least = minimum(efficiency)
  return [
    {
      ...contestant,
      efficiency,
      mean: mean(efficiency),
      median: quantile(sorted(efficiency), 0.5),
      least,
      worstWorld: worlds[efficiency.indexOf(least)]!.number,
      leastRun: minimum(rows.flatMap((row) => row.efficiency)),
      attempts: mean(rows.map(({ attempts }) => attempts)),
    },
  ]
}

function winsOf(own: Unranked, other: Unranked): Omit<Against, 'p'> {
  const differences = own.efficiency.map((value, i) => value - other.efficiency[i]!)
  const count = (sign: number) => differences.filter((each) => sign * each >= leastRankDifference.efficiency).length
  return { wins: count(1), losses: count(-1) }
}

/** Returns the p-values of all pairs, which are corrected together. */
function correctedPValues(standings: readonly Unranked[]): (i: number, j: number) => number {
  const pairs = standings.flatMap((a, i) =>
    standings.slice(0, i).map((b) => pairedDifference(b.efficiency, a.efficiency).p),
  )
  const corrected = holm(pairs)
  return (i, j) => {
    const [first, second] = [Math.min(i, j), Math.max(i, j)]
    return i === j ? Number.NaN : corrected[(second * (second - 1)) / 2 + first]!
  }
}
