import { join } from 'node:path'
import { cellLines, cellsFile } from '../../lab/cells/cell-lines.ts'
import { journalFile, type Shard, shardCells, shardFile, shardText } from '../../lab/cells/shard.ts'
import { type ShardHeader, shardLines } from '../../lab/cells/shard-lines.ts'
import { failureError } from '../../lab/cells/strategy-failures.ts'
import { expectShard, type ResumeControls } from '../../lab/remaining-runs.ts'
import { sensitivitySeeds } from '../../lab/sensitivity-seeds.ts'
import { prepareSensitivity } from '../../lab/sensitivity-study.ts'
import { prepareStudy, type Study, type StudyCells, type StudyResult } from '../../lab/study.ts'
import type { StudyProgress } from '../../lab/study-options.ts'
import { InputError } from '../../src/checks/input-error.ts'
import type { RawResult, StudyFacts } from '../../src/compare/raw-result.ts'
import { onSeeds, type Sensitivity } from '../../src/compare/sensitivity/sensitivity.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { expectFolder } from '../flags/option-values.ts'
import { type StudyChoice, studyOptionsOf } from '../flags/study-choice.ts'
import { tell } from '../process/output.ts'
import { progressDisplay, progressOutput } from '../process/progress.ts'
import { folderName } from '../report/folder-name.ts'
import { endOnInterrupt, endSignals } from '../report/interrupt.ts'
import { writePrepared } from '../report/prepared-files.ts'
import { reportFiles, showReport } from '../report/report.ts'
import { ReportFolder } from '../report/report-folder.ts'
import { storedSensitivity } from '../report/stored-sensitivity.ts'
import { runSensitivity } from '../sensitivity/command.ts'
import { sensitivityFiles } from '../sensitivity/sensitivity-report.ts'
import { type CheckedResult, type CheckOptions, checksOf } from './checks.ts'
import { Journal } from './journal.ts'
import { shardOfEnvironment } from './shard-choice.ts'

/** The options of `ratelab run`. */
export interface RunCommandOptions extends CheckOptions, StudyChoice {
  /** The folder in which the report's folder is. */
  readonly out: string
  /** The part of the study that is run. Default: what the environment of a scheduler's job means. */
  readonly shard?: Shard
  /** Whether the cells of an earlier run that was killed are left aside. */
  readonly fresh?: boolean
  /** Whether the conclusions of the study are tried under every other value of its switches. */
  readonly sensitivity?: boolean
}

/** Runs `ratelab run`, which runs a scenario, prints its report and writes it with its cells. `name` is a scenario's name or file. */
export async function runCommand(name: string, options: RunCommandOptions): Promise<void> {
  expectFolder(options.out)
  const study = await prepareStudy(name, studyOptionsOf(options), '--')
  const { shard, note } = options.shard ? { shard: options.shard } : shardOfEnvironment(process.env)
  expectShard(shard, study.runs)
  const checks = shard.count > 1 ? expectNoChecks(options, shard) : await checksOf(study, options)
  const header = { origin: await study.origin(), shard, study: study.facts, thresholds: study.thresholds }
  const folder = await ReportFolder.open(options.out, folderName(study.facts), 'Name another folder with --out DIR.')
  if (note !== undefined) tell(note)
  for (const line of replayNotes(study.facts, options.trace)) tell(line)
  const isFresh = options.fresh === true
  const journal = await Journal.open(join(folder.path, journalFile(shard)), header, isFresh, tell)
  try {
    const output = { folder, journal }
    if (!checks) await writeShard(header, await shardCellsOf(study, shard, output), output)
    else {
      const stored = options.sensitivity ? undefined : await storedSensitivity(folder.path)
      const result = await runWithProgress(study, shard, output, (controls) => study.run(controls))
      const sensitivityOf = async (own: RawResult) => (stored ? stored(own) : trySwitches(name, own, options))
      const checked = checks(result)
      await showAndWrite(result, sensitivityOf, checked, options, output)
      await checked.show()
      if (result.study.failed) throw failureError(result.study.failed)
    }
  } catch (error) {
    // After wrong input the same command fails again. After another error, or with more memory, the next run can go on.
    if (folder.isWritten || (error instanceof InputError && error.code !== 'WORKER_ENDED')) journal.remove()
    else journal.close()
    await folder.discard()
    throw error
  }
}

/** Lines about the trace that is replayed: that it is the scenario's own, and what looks wrong in it. */
function replayNotes({ replayed }: StudyFacts, trace: string | undefined): string[] {
  if (!replayed) return []
  const own = `No --trace is given: replays ${replayed.file}, the example of the scenario.`
  return [...(trace === undefined ? [own] : []), ...replayed.warnings.map((warning) => `Warning: ${warning}`)]
}

/** Throws an `InputError` for an option that checks a result: a shard has none. They are options of the command that joins the shards. */
function expectNoChecks(options: RunCommandOptions, shard: Shard): undefined {
  const { threshold, compareTo, least, gate = false, junit, summary, sensitivity = false } = options
  if (sensitivity)
    throw new InputError(
      `Expected \`--sensitivity\` only for a whole study, got the shard ${shardText(shard)}: join the shards with \`ratelab merge\`, ` +
        'then run `ratelab sensitivity` with the same options',
    )
  const given = Object.entries({
    '--threshold': threshold.length > 0,
    '--compare-to': compareTo !== undefined,
    '--least': least.length > 0,
    '--gate': gate,
    '--junit': junit !== undefined,
    '--summary': summary !== undefined,
  }).flatMap(([name, isGiven]) => (isGiven ? [name] : []))
  if (given.length === 0) return
  const names = given.map((name) => `\`${name}\``).join(', ')
  throw new InputError(
    `Expected ${names} only for a whole study, got the shard ${shardText(shard)}: join the shards with ` +
      `\`ratelab merge ${given.join(' … ')} …\`, which checks the result as a whole run does`,
  )
}

/** Where a run writes. */
interface RunOutput {
  readonly folder: ReportFolder
  readonly journal: Journal
}

async function showAndWrite(
  { comparison, ...result }: StudyResult,
  sensitivityOf: (result: RawResult) => Promise<Sensitivity | undefined>,
  checked: CheckedResult,
  options: RunCommandOptions,
  { folder, journal }: RunOutput,
): Promise<void> {
  // Until the cells are written the journal has them, so that the same command can go on if the alternatives are interrupted.
  const sensitivity = await sensitivityOf(result)
  await showReport({ comparison, sensitivity }, options)
  const cells = { files: { [cellsFile]: cellLines(result), ...checked.files }, note: '' }
  const tried = sensitivity && options.sensitivity ? [await sensitivityFiles(sensitivity, folder.path)] : []
  await writePrepared(folder, [cells, ...tried, await reportFiles({ comparison, sensitivity }, folder.path)])
  journal.remove()
}

/** Tries the conclusions of a result on its first seeds under every other value of its switches. */
async function trySwitches(name: string, result: RawResult, options: RunCommandOptions): Promise<Sensitivity> {
  const seeds = result.study.seeds.slice(0, sensitivitySeeds.length)
  const study = await prepareSensitivity(name, { ...studyOptionsOf(options), seeds }, '--')
  return runSensitivity(study, onSeeds(result, seeds).cells)
}

async function writeShard(
  header: ShardHeader,
  { cells, failures }: StudyCells,
  { folder, journal }: RunOutput,
): Promise<void> {
  const name = shardFile(header.shard)
  await folder.write({ [name]: shardLines(header, cells, failures) })
  journal.remove()
  for (const { strategy, message } of failures)
    tell(`ratelab: ${strategy} failed; \`ratelab merge\` will leave it out and end with exit code 2. ${message}`)
  tell(`Shard: ${join(folder.path, name)} (\`ratelab merge\` joins all ${header.shard.count})`)
}

function shardCellsOf(study: Study, shard: Shard, output: RunOutput): Promise<StudyCells> {
  return runWithProgress(study, shard, output, (controls) => study.cells({ ...controls, shard }))
}

/** Runs the study or its shard. Shows the progress on standard error, and lets Ctrl-C end it. */
async function runWithProgress<Result>(
  study: Study,
  shard: Shard,
  { folder, journal }: RunOutput,
  run: (controls: ResumeControls) => Promise<Result>,
): Promise<Result> {
  const { scenario, seeds, cases } = study.facts
  const own = shardCells(study.facts, shard).length
  const runs = shard.count > 1 ? `shard ${shardText(shard)} with ${own} of ` : ''
  const sizes = [count(cases.length, 'case'), count(seeds.length, 'seed'), `${runs}${count(study.runs, 'run')}`]
  tell(`${scenario.title}: ${sizes.join(', ')} in virtual time …`)
  // The journal ends first. Otherwise a cell could be added after the empty folder was removed.
  for (const signal of endSignals) process.once(signal, () => journal.close())
  endOnInterrupt(folder, (isWritten) => keptText(journal, { shard, runs: own }, isWritten))
  const { known } = journal
  const progress = progressDisplay(own - known.length, systemClock, progressOutput(process.stderr))
  const onProgress = ({ done, cell }: StudyProgress) => {
    journal.add(cell)
    progress.update(done - known.length)
  }
  return run({ known, onProgress }).finally(progress.clear)
}

/** Ends the journal after Ctrl-C. Returns what to say of the shard or of the runs that are kept, if there are any. */
function keptText(
  journal: Journal,
  { shard, runs }: { shard: Shard; runs: number },
  isWritten: boolean,
): string | undefined {
  if (isWritten) {
    journal.remove()
    return shard.count > 1 ? 'the shard is complete' : undefined
  }
  const kept = journal.close()
  if (kept === 0) return undefined
  return (
    `no report was written, but ${kept} of ${count(runs, 'run')} are kept in ${journal.path}: ` +
    'the same command goes on from them, and with --fresh it runs all again'
  )
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
