import {
  about,
  type Checks,
  isObject,
  list,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  shapeOf,
  text,
} from '../../checks/shape.ts'
import type { FailedStrategy } from '../raw-result.ts'
import type { Tournament, TournamentContestant, TournamentFacts, WorldResult, WorldRow } from './tournament.ts'

/** The name of the format. The number changes when the format changes. */
export const tournamentFormat = 'ratelab.tournament/1'

const count = number({ atLeast: 1, whole: true })
const seed = number({ atLeast: 0, whole: true })

const facts = object({
  origin: object({ version: text, code: text, strategies: text, input: text } satisfies Checks<
    TournamentFacts['origin']
  >),
  worldsSeed: seed,
  worlds: count,
  seeds: list(seed, 1),
  contestants: list(
    object({ id: text, about: text, solution: optional(count) } satisfies Checks<TournamentContestant>),
    1,
  ),
} satisfies Checks<TournamentFacts>)

const world = object({
  number: count,
  title: text,
  rows: list(
    object({
      id: text,
      efficiency: list(number({ atLeast: 0 }), 1),
      attempts: number({ atLeast: 0 }),
    } satisfies Checks<WorldRow>),
  ),
  failed: optional(list(object({ id: text, message: text } satisfies Checks<FailedStrategy>), 1)),
} satisfies Checks<WorldResult>)

const wholeFile = object({
  schema: about(oneOf([tournamentFormat]), 'The format and its version.'),
  facts,
  worlds: list(world),
} satisfies Checks<Tournament & { schema: string }>)

/** The shape of `tournament.json`: its worlds have the numbers from 1 on, and every row has a figure for each seed. */
export const tournamentShape: Shape<unknown> = shapeOf((field, value) => {
  const problems = wholeFile(field, value)
  return problems.length > 0 || !isObject(value) ? problems : tableProblems(value as unknown as Tournament)
}, wholeFile.schema)

function tableProblems({ facts: { worlds: most, seeds, contestants }, worlds }: Tournament): string[] {
  const known = contestants.map(({ id }) => id)
  return [
    ...number({ atMost: most })('worlds.length', worlds.length),
    ...worlds.flatMap(({ number: own, rows }, i) => [
      ...exactly(i + 1)(`worlds[${i}].number`, own),
      ...rows.flatMap(({ id, efficiency }, j) => [
        ...oneOf(known)(`worlds[${i}].rows[${j}].id`, id),
        ...exactly(seeds.length)(`worlds[${i}].rows[${j}].efficiency.length`, efficiency.length),
      ]),
    ]),
  ]
}

function exactly(value: number): Shape<number> {
  return number({ atLeast: value, atMost: value })
}
