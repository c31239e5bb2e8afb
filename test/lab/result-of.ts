import { prepareStudy, type StudyResult } from '../../lab/study.ts'
import type { StudyControls, StudyOptions } from '../../lab/study-options.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

/** Prepares a study and runs it. Returns its facts, its cells and its comparison. */
export async function resultOf(
  scenario: string | Scenario,
  options: StudyOptions & StudyControls = {},
): Promise<StudyResult> {
  return (await prepareStudy(scenario, options)).run(options)
}
