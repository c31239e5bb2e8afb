import { mkdtempSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Millis } from '../../src/core/clock.ts'
import { systemClock } from '../../src/core/system-clock.ts'

const prefix = '.ratelab-'

/** After this time a folder aside is the rest of a process that was killed. Files are written within seconds. */
const abandonedAfter: Millis = 24 * 3_600_000

/**
 * Creates a folder of this process alone within a folder, so that what is written there can be renamed into its place. Throws the system's
 * error.
 */
export function asideIn(folder: string): string {
  return mkdtempSync(join(folder, prefix))
}

/** Removes the folders aside that killed processes have left in a folder, as far as this user may. */
export async function removeAbandoned(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix))
  const isOld = async (path: string) => systemClock.now() - (await stat(path)).mtimeMs > abandonedAfter
  const remove = async (path: string) => (await isOld(path)) && rm(path, { recursive: true })
  await Promise.allSettled(names.map((name) => remove(join(folder, name))))
}
