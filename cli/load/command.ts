import { cellLines, cellsFile } from '../../lab/cells/cell-lines.ts'
import { failureError } from '../../lab/cells/strategy-failures.ts'
import { prepareLoad, type WireStudy } from '../../lab/load/wire-study.ts'
import type { StudyResult } from '../../lab/study.ts'
import { defaultConnectTimeout, upstreamFetch } from '../../sim/gateway/http/upstream-fetch.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { whole } from '../../src/report/figures/figures.ts'
import { expectFolder } from '../flags/option-values.ts'
import { type StudyChoice, studyOptionsOf } from '../flags/study-choice.ts'
import { codeAfter, exitAfter } from '../process/exit.ts'
import { tell } from '../process/output.ts'
import { progressDisplay, progressOutput } from '../process/progress.ts'
import { folderName } from '../report/folder-name.ts'
import { endSignals } from '../report/interrupt.ts'
import { writePrepared } from '../report/prepared-files.ts'
import { type FormatOptions, reportFiles, showReport } from '../report/report.ts'
import { ReportFolder } from '../report/report-folder.ts'
import { type LoadFlags, readLoadFlags } from './flags.ts'

/** The options of `ratelab load`. */
export interface LoadCommandOptions extends LoadFlags, StudyChoice, FormatOptions {
  /** The folder in which the report's folder is. */
  readonly out: string
}

/** Runs `ratelab load`, which runs a scenario over the wire, prints its report and writes it with its cells. */
export async function loadCommand(name: string, options: LoadCommandOptions): Promise<void> {
  expectFolder(options.out)
  const { load, notes } = await readLoadFlags(options, process.env)
  const send = upstreamFetch({ clock: systemClock, connect: defaultConnectTimeout })
  const study = await prepareLoad(name, studyOptionsOf(options), { ...load, send })
  for (const note of [...notes, ...study.notes]) tell(note)
  const folder = await ReportFolder.open(options.out, folderName(study.facts), 'Name another folder with --out DIR.')
  try {
    const { result, signal } = await runUntilSignal(study)
    if (result) await showAndWrite(result, options, folder)
    else tell('ratelab: interrupted; nothing was measured, and no report was written')
    if (signal) process.exitCode = codeAfter(signal)
    if (result?.study.failed) throw failureError(result.study.failed)
  } finally {
    if (!folder.isWritten) await folder.discard()
  }
}

/** Runs the load and shows its progress on standard error. The first signal ends the load, the second one the process. */
async function runUntilSignal(
  study: WireStudy,
): Promise<{ readonly result: StudyResult | undefined; readonly signal?: NodeJS.Signals }> {
  const { scenario, wire } = study.facts
  const pace = wire.speed === 1 ? 'real time' : `${wire.speed} times real time`
  tell(`${scenario.title}: ${whole(study.calls)} calls in ${study.runs} runs to ${wire.address} in ${pace} …`)
  const stop = new AbortController()
  let signal: NodeJS.Signals | undefined
  const onSignal = (given: NodeJS.Signals) => {
    if (signal) exitAfter(given)
    signal = given
    tell('\nratelab: interrupted; the report of what was measured follows (press Ctrl-C again to end at once)')
    stop.abort()
  }
  for (const each of endSignals) process.on(each, onSignal)
  const progress = progressDisplay(study.calls, systemClock, progressOutput(process.stderr), 'calls')
  try {
    const result = await study.run({ signal: stop.signal, onProgress: progress.update })
    return { result, ...(signal && { signal }) }
  } finally {
    progress.clear()
    for (const each of endSignals) process.off(each, onSignal)
  }
}

async function showAndWrite(
  { comparison, ...result }: StudyResult,
  options: LoadCommandOptions,
  folder: ReportFolder,
): Promise<void> {
  await showReport({ comparison }, options)
  const cells = { files: { [cellsFile]: cellLines(result) }, note: '' }
  await writePrepared(folder, [cells, await reportFiles({ comparison }, folder.path)])
}
