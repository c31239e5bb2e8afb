import { centralRows } from '../../compare/central-rows.ts'
import { leastRankDifference, significance } from '../../compare/ranking.ts'
import { standingsOf, type TournamentStanding } from '../../compare/tournament/standings.ts'
import type { Tournament } from '../../compare/tournament/tournament.ts'
import { maximum } from '../../core/extremes.ts'
import { decimal, percent, whole } from '../figures/figures.ts'
import { markdownTable } from '../markdown/table.ts'
import { code, codeBlock, plain, sentence } from '../markdown/user-text.ts'
import { tournamentHeadline, winsText } from './tournament-sentences.ts'

/** Renders the report of a tournament. `command` are the words that repeat it. */
export function markdownTournament(tournament: Tournament, command: string): string {
  const standings = standingsOf(tournament)
  const central = centralRows(standings)
  const sections = [
    '# Tournament on drawn worlds',
    'Which strategy comes closest to what is reachable in worlds that it was not made for?',
    sentence(tournamentHeadline(tournament, standings)),
    `To get these figures again:\n\n${codeBlock('sh', command)}`,
    '## Standings',
    standingsTable(standings),
    '## Wins and losses',
    `In how many worlds the strategy of the row reached more than that of the column, and in how many less, by at least ${percent(leastRankDifference.efficiency)} of what is reachable. A star marks a difference beyond chance.`,
    winsTable(standings, central),
    '## Worlds',
    worldsTable(tournament, standings),
    ...failures(tournament),
    `## Method\n\n${method(tournament)
      .map((each) => `- ${each}`)
      .join('\n')}`,
  ]
  return `${sections.join('\n\n')}\n`
}

function standingsTable(standings: readonly TournamentStanding[]): string {
  return markdownTable(
    ['strategy', 'rank', 'mean', 'median', 'least', 'in world', 'least run', 'attempts per call'],
    standings.map((each) => [
      code(each.id),
      whole(each.rank),
      percent(each.mean),
      percent(each.median),
      percent(each.least),
      whole(each.worstWorld),
      percent(each.leastRun),
      decimal(each.attempts),
    ]),
  )
}

function winsTable(standings: readonly TournamentStanding[], central: readonly TournamentStanding[]): string {
  const columns = central.map((other) => standings.indexOf(other))
  return markdownTable(
    ['strategy', ...central.map(({ id }) => code(id))],
    central.map((own) => [
      code(own.id),
      ...columns.map((j) => {
        const against = own.against[j]!
        if (standings[j] === own) return ''
        return `${winsText(against)}${against.p < significance ? ' \\*' : ''}`
      }),
    ]),
  )
}

function worldsTable({ worlds }: Tournament, standings: readonly TournamentStanding[]): string {
  return markdownTable(
    ['world', 'best', 'the worst for', 'what is particular about it'],
    worlds.map(({ number, title }, i) => [
      whole(number),
      bestText(standings, i),
      standings
        .filter(({ worstWorld }) => worstWorld === number)
        .map(({ id }) => code(id))
        .join(', '),
      plain(title),
    ]),
    [1, 2, 3],
  )
}

function bestText(standings: readonly TournamentStanding[], worldIndex: number): string {
  const values = standings.map(({ efficiency }) => efficiency[worldIndex]!)
  const value = maximum(values)
  const best = standings[values.indexOf(value)]
  return best ? `${code(best.id)} ${percent(value)}` : ''
}

function failures({ worlds }: Tournament): readonly string[] {
  return worlds.flatMap(({ number, failed = [] }) =>
    failed.map(({ id, message }) => `**${code(id)} failed in world ${number}** and has no standing. ${plain(message)}`),
  )
}

function method({ facts }: Tournament): string[] {
  const { origin } = facts
  return [
    'Every world is drawn from the seed and its number alone. All strategies meet the same worlds, calls and delays.',
    'The figure of a strategy in a world is its efficiency, the median over the seeds: what it answers, and how soon, as a share of what a clairvoyant client reaches there.',
    `Differences are paired t-tests over the worlds, with Holm’s correction for all pairs, at ${percent(significance)}. A rank is 1 and the number of strategies that are better beyond chance.`,
    'Nobody tells the strategies how a world was drawn. Those that are told limits know the stated ones, and not that others use the account or that limits change.',
    `The strategies have the digest ${code(origin.strategies)}, all code has ${code(origin.code)}.`,
    'A single world is replayed with `--world` and its number.',
  ]
}
