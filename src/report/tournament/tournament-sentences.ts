import type { TournamentStanding } from '../../compare/tournament/standings.ts'
import type { Tournament, TournamentFacts } from '../../compare/tournament/tournament.ts'
import { percent, whole } from '../figures/figures.ts'
import { name, names } from '../sentences/phrases.ts'
import { seedsText } from '../sentences/rests-on.ts'

/** Says how large a tournament is: `40 worlds drawn from the seed 1, 30 contestants, 10 seeds`. */
export function sizeText({ worlds, worldsSeed, contestants, seeds }: TournamentFacts): string {
  return `${worlds} worlds drawn from the seed ${worldsSeed}, ${contestants.length} contestants, ${seedsText(seeds)}`
}

/** Says how large a tournament is, how much of it has been run if it was interrupted, and who is best. */
export function tournamentHeadline({ facts, worlds }: Tournament, standings: readonly TournamentStanding[]): string {
  const part = worlds.length < facts.worlds ? `Only ${worlds.length} of the worlds have been run. ` : ''
  return `${sizeText(facts)}. ${part}${leaderSentence(standings)}`
}

/** Says who is best over all worlds, and who is not told apart from them. */
function leaderSentence(standings: readonly TournamentStanding[]): string {
  const leaders = standings.filter(({ rank }) => rank === 1)
  if (leaders.length === 0) return 'There are too few worlds for ranks.'
  const [first] = leaders
  const figures = `on average ${percent(first!.mean)} of what is reachable, and at least ${percent(first!.least)}`
  const others = leaders.length > 1 ? ` Not told apart from it: ${names(leaders.slice(1))}.` : ''
  return `${name(first!)} reaches ${figures} in each world.${others}`
}

/** The wins and the losses of a strategy against another one. */
export function winsText({ wins, losses }: TournamentStanding['against'][number]): string {
  return `${whole(wins)}–${whole(losses)}`
}
