import { centralRows } from '../../compare/central-rows.ts'
import { standingsOf } from '../../compare/tournament/standings.ts'
import type { Tournament } from '../../compare/tournament/tournament.ts'
import { decimal, percent, whole } from '../figures/figures.ts'
import { type Column, columnsThatFit, grid, gridWidth, wrap } from '../terminal/grid.ts'
import { tournamentHeadline } from './tournament-sentences.ts'

/** Renders the standings of a tournament for a terminal of this width. Columns for which it is too narrow are left out. */
export function terminalTournament(tournament: Tournament, width: number): string {
  const standings = standingsOf(tournament)
  const rows = centralRows(standings)
  const column = (first: string, second: string, cells: readonly string[]): Column => ({
    heading: [first, second],
    align: 'right',
    cells,
  })
  const names: Column = { heading: ['', 'strategy'], align: 'left', cells: rows.map(({ id }) => id) }
  const rank = column(
    '',
    'rank',
    rows.map((each) => whole(each.rank)),
  )
  const mean = column(
    'mean',
    'efficiency',
    rows.map((each) => percent(each.mean)),
  )
  const median = column(
    '',
    'median',
    rows.map((each) => percent(each.median)),
  )
  const least = column(
    '',
    'least',
    rows.map((each) => percent(each.least)),
  )
  const worst = column(
    'in',
    'world',
    rows.map((each) => whole(each.worstWorld)),
  )
  const leastRun = column(
    'least',
    'run',
    rows.map((each) => percent(each.leastRun)),
  )
  const attempts = column(
    'attempts',
    'per call',
    rows.map((each) => decimal(each.attempts)),
  )
  const ordered = [rank, mean, median, least, worst, leastRun, attempts]
  const shown = columnsThatFit([mean, least, attempts, rank, median, worst, leastRun], (some) => {
    return gridWidth([names, ...some]) <= width
  })
  return [
    ...wrap(tournamentHeadline(tournament, standings), width),
    '',
    ...grid([names, ...ordered.filter((each) => shown.includes(each))]),
    '',
  ].join('\n')
}
