import { join } from 'node:path'
import { readSensitivity, sensitivityFile } from '../../lab/read-sensitivity.ts'
import type { RawResult } from '../../src/compare/raw-result.ts'
import { isOf, type Sensitivity } from '../../src/compare/sensitivity/sensitivity.ts'
import { tell } from '../process/output.ts'

/** Returns the stored sensitivity if it is of this result. If it is of another one, standard error says so. */
export type SensitivityFor = (result: RawResult) => Sensitivity | undefined

/**
 * Reads the sensitivity that an earlier command stored in the folder of a report. Call it before a run: it rejects with an `InputError` when
 * the file is damaged, and no run is lost then.
 */
export async function storedSensitivity(folder: string): Promise<SensitivityFor> {
  const path = join(folder, sensitivityFile)
  const stored = await readSensitivity(path)
  return (result) => {
    if (!stored || isOf(stored, result)) return stored
    tell(
      `${path} is of other settings or of another version, so the report does not say what it rests on; \`ratelab run\` with --sensitivity writes it again.`,
    )
    return undefined
  }
}
