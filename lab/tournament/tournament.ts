import type { Comparison } from '../../src/compare/comparison.ts'
import type { Tournament, TournamentFacts, WorldResult } from '../../src/compare/tournament/tournament.ts'
import { sixDigits } from '../../src/report/json-text.ts'
import { sourcesDigest } from '../origin.ts'
import { prepareStudy, type Study } from '../study.ts'
import type { StudyControls, StudyOptions } from '../study-options.ts'
import { contestantsOfOneAccount } from './contestants-of-one-account.ts'
import { worldsSeed as committedSeed } from './seed.ts'
import { defaultRunSeeds, defaultWorlds } from './tournament-size.ts'
import { drawnWorld } from './world.ts'

/** The options of a tournament. */
export interface TournamentOptions extends Pick<StudyOptions, 'strategies' | 'seeds'> {
  /** The number of worlds, from 1 on. Default: 40. */
  readonly worlds?: number
  /** The seed from which the worlds are drawn, a whole number >= 0. Default: that of the committed tournament. */
  readonly worldsSeed?: number
}

/** Options that observe or end a tournament, and let it go on from worlds of an earlier one. */
export interface TournamentControls extends Pick<StudyControls, 'signal'> {
  /** The first worlds of an earlier tournament with the same facts. They are not run again. Default: none. */
  readonly known?: readonly WorldResult[]
  /** Called after each run with the number of runs that have ended, without those of known worlds. */
  onRun?(done: number): void
  /** Called after each world with all that have been run. The next one begins when the promise is fulfilled. */
  onWorld?(tournament: Tournament): Promise<void>
}

/** A tournament that is ready to run: its worlds are drawn, and its contestants are checked in each of them. */
export interface PreparedTournament {
  readonly facts: TournamentFacts
  /** The number of runs in each world. */
  readonly runsOfWorld: number
  /** Runs the worlds one after the other. The promise rejects as that of `Study.run` does. */
  run(controls?: TournamentControls): Promise<Tournament>
}

/** Draws and checks everything that a tournament needs. Rejects as `prepareStudy` does. */
export async function prepareTournament(
  { worlds = defaultWorlds, worldsSeed = committedSeed, ...options }: TournamentOptions = {},
  prefix = 'options.',
): Promise<PreparedTournament> {
  const studies: Study[] = []
  for (let number = 1; number <= worlds; number++)
    studies.push(await prepareWorld({ number, worldsSeed, ...options }, prefix))
  const [first] = studies
  const [chosen] = first!.facts.cases
  const facts = {
    origin: { ...(await first!.origin()), strategies: sourcesDigest(['src/strategies']) },
    worldsSeed,
    worlds,
    seeds: first!.facts.seeds,
    contestants: chosen!.contestants.map(({ id, about, solution }) => ({
      id,
      about,
      ...(solution !== undefined && { solution }),
    })),
  }
  return {
    facts,
    runsOfWorld: first!.runs,
    async run({ known = [], onRun, onWorld, ...controls } = {}) {
      let results = [...known]
      for (const [i, study] of studies.slice(known.length).entries()) {
        const before = i * study.runs
        const { comparison } = await study.run({
          ...controls,
          ...(onRun && { onProgress: ({ done }) => onRun(before + done) }),
        })
        results = [...results, worldResult(results.length + 1, comparison)]
        await onWorld?.({ facts, worlds: results })
      }
      return { facts, worlds: results }
    },
  }
}

/** The world with this number, and the other options of a tournament. */
export interface WorldOptions extends Omit<TournamentOptions, 'worlds'> {
  readonly number: number
}

/** Draws one world of a tournament, and returns the study of it. Rejects as `prepareStudy` does. */
export function prepareWorld(
  { number, worldsSeed = committedSeed, seeds = defaultRunSeeds, strategies }: WorldOptions,
  prefix = 'options.',
): Promise<Study> {
  const world = drawnWorld(worldsSeed, number)
  const scenario = { ...world, strategies: contestantsOfOneAccount(world) }
  return prepareStudy(scenario, { seeds, ...(strategies && { strategies }) }, prefix)
}

function worldResult(number: number, { cases, failed }: Comparison): WorldResult {
  const { title, rows } = cases[0]!
  return {
    number,
    title,
    rows: rows.map(({ id, metrics, valuesBySeed }) => ({
      id,
      efficiency: valuesBySeed.efficiency.map(sixDigits),
      attempts: sixDigits(metrics.amplification.value),
    })),
    ...(failed && { failed }),
  }
}
