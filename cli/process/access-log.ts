import { open } from 'node:fs/promises'
import { harmlessJson } from '../../src/core/printable.ts'
import { OutputError } from './exit.ts'
import { tell } from './output.ts'

/** Writes one line of JSON for each request, when it ends. The caller redacts keys. */
export interface AccessLog {
  write(record: object): void
  /** Resolves when all lines are written. */
  close(): Promise<void>
}

/** Opens a log that writes to standard error (`true`) or appends to a file. Throws an `OutputError` when the file cannot be written. */
export async function accessLog(to: true | string): Promise<AccessLog> {
  if (to === true) return { write: (record) => void process.stderr.write(lineOf(record)), close: async () => {} }
  const file = await open(to, 'a').catch((error: Error) => {
    throw new OutputError(`Expected \`--access-log\` to be a file that can be written, got ${to}: ${error.message}`)
  })
  const lines = file.createWriteStream()
  let isBroken = false
  lines.on('error', (error) => {
    if (!isBroken) tell(`ratelab: the access log ends here: ${error.message}`)
    isBroken = true
  })
  return {
    write: (record) => void (isBroken || lines.write(lineOf(record))),
    close: () => new Promise((resolve) => (isBroken ? resolve() : lines.end(() => resolve()))),
  }
}

function lineOf(record: object): string {
  return `${harmlessJson(record)}\n`
}
