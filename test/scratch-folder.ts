import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder for the files of one test file, which is removed at its end. */
export function scratchFolder(name: string) {
  const scratch = mkdtempSync(join(tmpdir(), `ratelab-${name}-`))
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))
  /** Writes a file and returns its path. */
  function file(name: string, content: string): string {
    const path = join(scratch, name)
    writeFileSync(path, content)
    return path
  }
  return { scratch, file }
}
