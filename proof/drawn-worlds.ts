import { standingsOf, type TournamentStanding } from '../src/compare/tournament/standings.ts'
import type { Tournament } from '../src/compare/tournament/tournament.ts'

/** What one strategy reaches in the worlds of a tournament. The figure of a world is the median over its seeds. */
export interface DrawnRow {
  /** The name of the strategy in the catalogue. */
  readonly strategy: string
  /** The share of the reachable: the mean over the worlds. */
  readonly share: number
  /** The share in the world in which it is least, and the number of that world. */
  readonly leastShare: number
  readonly worst: number
  /** Attempts ÷ calls: the mean over the worlds. */
  readonly amplification: number
}

/** The part of the committed tournament. */
export interface DrawnPart {
  readonly worlds: number
  readonly seeds: number
  readonly rows: readonly DrawnRow[]
}

/** Computes the part of a tournament, for strategies that take part in it. */
export function drawnPart(tournament: Tournament, strategies: readonly string[]): DrawnPart {
  const standings = standingsOf(tournament)
  const own = strategies.flatMap((strategy) => standings.filter(({ id }) => id === strategy))
  return { worlds: tournament.worlds.length, seeds: tournament.facts.seeds.length, rows: own.map(rowOf) }
}

function rowOf({ id, mean, least, worstWorld, attempts }: TournamentStanding): DrawnRow {
  return { strategy: id, share: mean, leastShare: least, worst: worstWorld, amplification: attempts }
}
