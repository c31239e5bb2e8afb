import { failureError } from '../../lab/cells/strategy-failures.ts'
import type { ResumeControls } from '../../lab/remaining-runs.ts'
import { prepareSensitivity, type SensitivityStudy } from '../../lab/sensitivity-study.ts'
import type { StudyFacts } from '../../src/compare/raw-result.ts'
import type { Sensitivity } from '../../src/compare/sensitivity/sensitivity.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { seedsText } from '../../src/report/sentences/rests-on.ts'
import { expectFolder } from '../flags/option-values.ts'
import { type StudyChoice, studyOptionsOf } from '../flags/study-choice.ts'
import { tell } from '../process/output.ts'
import { progressDisplay, progressOutput } from '../process/progress.ts'
import { folderName } from '../report/folder-name.ts'
import { endOnInterrupt } from '../report/interrupt.ts'
import { writePrepared } from '../report/prepared-files.ts'
import type { FormatOptions } from '../report/report.ts'
import { ReportFolder } from '../report/report-folder.ts'
import { sensitivityFiles, showSensitivity } from './sensitivity-report.ts'

/** The options of `ratelab sensitivity`. */
export interface SensitivityCommandOptions extends FormatOptions, StudyChoice {
  /** The switches whose other values are tried. Default: all that can change something. */
  readonly switches?: readonly string[]
  /** The folder in which the report's folder is. */
  readonly out: string
}

/** Runs `ratelab sensitivity`, which tries the conclusions of a study under every other value of its switches. */
export async function sensitivityCommand(name: string, options: SensitivityCommandOptions): Promise<void> {
  expectFolder(options.out)
  const { switches } = options
  const study = await prepareSensitivity(name, { ...studyOptionsOf(options), ...(switches && { switches }) }, '--')
  const folder = await ReportFolder.open(
    options.out,
    folderName(withSwitches(study.facts, switches)),
    'Name another folder with --out DIR.',
  )
  try {
    endOnInterrupt(folder, (isWritten) => (isWritten ? 'its files are complete' : 'nothing was written'))
    const sensitivity = await runSensitivity(study)
    await showSensitivity(sensitivity, options)
    await writePrepared(folder, [await sensitivityFiles(sensitivity, folder.path)])
    const { failed } = sensitivity.study
    if (failed) throw failureError(failed)
  } catch (error) {
    await folder.discard()
    throw error
  }
}

/** Adds the switches that a user chose to the changed options, so that some of them do not take the place of all in the report's folder. */
function withSwitches(facts: StudyFacts, switches: readonly string[] | undefined): StudyFacts {
  return switches ? { ...facts, changed: [...facts.changed, `--switches ${switches.join(',')}`] } : facts
}

/** Runs a sensitivity study and shows its progress on standard error. `known` are cells of the study itself. */
export async function runSensitivity(
  study: SensitivityStudy,
  known: ResumeControls['known'] = [],
): Promise<Sensitivity> {
  const { facts, alternatives, runs } = study
  tell(
    `${facts.scenario.title}: other values of switches: ${alternatives.length}, ${seedsText(facts.seeds)}, ` +
      `${runs - known.length} runs in virtual time …`,
  )
  const progress = progressDisplay(runs - known.length, systemClock, progressOutput(process.stderr))
  return study
    .run({ known, onProgress: ({ done }) => progress.update(done - known.length) })
    .finally(() => progress.clear())
}
