import { join } from 'node:path'
import { readSensitivity, sensitivityFile } from '../../lab/read-sensitivity.ts'
import type { RawResult } from '../../src/compare/raw-result.ts'
import { isOf, type Sensitivity } from '../../src/compare/sensitivity/sensitivity.ts'

/**
 * Returns the sensitivity that an earlier command stored in the folder of a report. One that is not of this result is left out, and
 * standard error says so.
 */
export async function storedSensitivity(folder: string, result: RawResult): Promise<Sensitivity | undefined> {
  const path = join(folder, sensitivityFile)
  const stored = await readSensitivity(path)
  if (!stored || isOf(stored, result)) return stored
  console.error(
    `${path} is of other settings or of another version, so the report does not say what it rests on; \`ratelab run\` with --sensitivity writes it again.`,
  )
  return undefined
}
