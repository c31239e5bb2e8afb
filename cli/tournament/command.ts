import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { failureError } from '../../lab/cells/strategy-failures.ts'
import { readTournament, tournamentFile } from '../../lab/tournament/read-tournament.ts'
import { worldsSeed as committedSeed } from '../../lab/tournament/seed.ts'
import {
  type PreparedTournament,
  prepareTournament,
  prepareWorld,
  type TournamentOptions,
} from '../../lab/tournament/tournament.ts'
import { defaultRunSeeds, defaultWorlds } from '../../lab/tournament/tournament-size.ts'
import { shellWord } from '../../src/checks/shell-word.ts'
import type { Tournament, WorldResult } from '../../src/compare/tournament/tournament.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { jsonTournament } from '../../src/report/tournament/json-tournament.ts'
import { markdownTournament } from '../../src/report/tournament/markdown-tournament.ts'
import { terminalTournament } from '../../src/report/tournament/terminal-tournament.ts'
import { sizeText } from '../../src/report/tournament/tournament-sentences.ts'
import { expectFolder } from '../flags/option-values.ts'
import { print, tell } from '../process/output.ts'
import { outputWidth } from '../process/output-width.ts'
import { progressDisplay, progressOutput } from '../process/progress.ts'
import { endOnInterrupt } from '../report/interrupt.ts'
import { chosenFormat, type FormatOptions, isCheckout, showReport } from '../report/report.ts'
import { ReportFolder, reportFile } from '../report/report-folder.ts'

/** The options of `ratelab tournament`. */
export interface TournamentCommandOptions extends FormatOptions {
  readonly worlds: number
  readonly worldsSeed: number
  /** The number of the only world that is run. Default: all are. */
  readonly world?: number
  /** The number of seeds. */
  readonly seeds: number
  readonly strategies?: readonly string[]
  /** The folder in which the report's folder is. */
  readonly out: string
  /** Whether the worlds of an earlier run are left aside. */
  readonly fresh?: boolean
}

/** Runs `ratelab tournament`, which compares strategies in drawn worlds, or in one of them. */
export async function tournamentCommand(options: TournamentCommandOptions): Promise<void> {
  expectFolder(options.out)
  if (options.world !== undefined) return showWorld(options.world, options)
  const prepared = await prepareTournament(tournamentOptionsOf(options), '--')
  const changes = changesOf(options)
  const folder = await ReportFolder.open(
    options.out,
    changes.length > 0 ? 'tournament-custom' : 'tournament',
    'Name another folder with --out DIR.',
  )
  try {
    const known = options.fresh ? [] : await earlierWorlds(folder, prepared)
    const command = [isCheckout ? 'npm run tournament' : 'npx ratelab tournament', ...separated(changes)].join(' ')
    const tournament = await runWorlds(prepared, known, folder, command)
    await write(folder, tournament, command)
    const renderers = {
      terminal: () => terminalTournament(tournament, outputWidth(process.stdout)),
      md: () => markdownTournament(tournament, command),
      json: () => jsonTournament(tournament),
    }
    print(renderers[chosenFormat(options)]())
    tell(`Report: ${join(folder.path, reportFile)}`)
    const failed = tournament.worlds.flatMap((each) => each.failed ?? [])
    if (failed.length > 0) throw failureError(failed.filter(({ id }, i) => failed.findIndex((f) => f.id === id) === i))
  } catch (error) {
    await folder.discard()
    throw error
  }
}

function tournamentOptionsOf({ worlds, worldsSeed, seeds, strategies }: TournamentCommandOptions) {
  return {
    worlds,
    worldsSeed,
    seeds,
    ...(strategies && { strategies: [...new Set(strategies)] }),
  } satisfies TournamentOptions
}

/** Returns the options that differ from their defaults, as a shell takes them. */
function changesOf({ worlds, worldsSeed, seeds, strategies }: TournamentCommandOptions): string[] {
  return [
    ...(worlds === defaultWorlds ? [] : [`--worlds ${worlds}`]),
    ...(worldsSeed === committedSeed ? [] : [`--worlds-seed ${worldsSeed}`]),
    ...(seeds === defaultRunSeeds.length ? [] : [`--seeds ${seeds}`]),
    ...(strategies ? [`--strategies ${shellWord(strategies.join(','))}`] : []),
  ]
}

/** npm itself takes the options that stand before `--`. */
function separated(changes: readonly string[]): readonly string[] {
  return isCheckout && changes.length > 0 ? ['--', ...changes] : changes
}

/** Runs one world and prints its report. */
async function showWorld(number: number, options: TournamentCommandOptions): Promise<void> {
  const { worlds: _, ...others } = tournamentOptionsOf(options)
  const study = await prepareWorld({ number, ...others }, '--')
  const progress = progressDisplay(study.runs, systemClock, progressOutput(process.stderr))
  const { comparison } = await study
    .run({ onProgress: ({ done }) => progress.update(done) })
    .finally(() => progress.clear())
  await showReport({ comparison }, options)
  if (comparison.failed) throw failureError(comparison.failed)
}

/** Returns the worlds of an earlier run of the same tournament in the folder, and says what becomes of a file that is there. */
async function earlierWorlds(folder: ReportFolder, { facts }: PreparedTournament): Promise<readonly WorldResult[]> {
  const path = join(folder.path, tournamentFile)
  const found = await readTournament(path)
  if (found === 'none') return []
  if (found !== 'unreadable') {
    const { facts: earlier, worlds } = found.tournament
    // Worlds are the same whatever their number is, so that a tournament can be made longer.
    if (isDeepStrictEqual({ ...earlier, worlds: facts.worlds }, facts)) {
      const known = worlds.slice(0, facts.worlds)
      tell(`Goes on from ${path}, which has ${known.length} of the worlds; --fresh runs all again.`)
      return known
    }
  }
  const reason = found === 'unreadable' ? 'it cannot be read' : 'it has another seed, other contestants or other code'
  tell(`${path} is not used and will be replaced: ${reason}. Another --out keeps it.`)
  return []
}

/** Runs the worlds that are not known, and writes the files after each of them. Ctrl-C leaves those of the worlds that are complete. */
async function runWorlds(
  { facts, runsOfWorld, run }: PreparedTournament,
  known: readonly WorldResult[],
  folder: ReportFolder,
  command: string,
): Promise<Tournament> {
  let complete = known.length
  const runs = (facts.worlds - complete) * runsOfWorld
  tell(`${sizeText(facts)}, ${runs} runs in virtual time …`)
  endOnInterrupt(folder, () =>
    complete === 0
      ? undefined
      : `${complete} of ${facts.worlds} worlds are kept in ${folder.path}: the same command goes on from them`,
  )
  const progress = progressDisplay(runs, systemClock, progressOutput(process.stderr))
  return run({
    known,
    onRun: progress.update,
    async onWorld(tournament) {
      await write(folder, tournament, command)
      complete = tournament.worlds.length
    },
  }).finally(progress.clear)
}

function write(folder: ReportFolder, tournament: Tournament, command: string): Promise<void> {
  return folder.write({
    [tournamentFile]: jsonTournament(tournament),
    [reportFile]: markdownTournament(tournament, command),
  })
}
