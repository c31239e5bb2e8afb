import { open } from 'node:fs/promises'
import { OutputError } from './exit.ts'

/** Writes one JSON line a request, when it ends. Whoever writes has redacted the keys. */
export interface AccessLog {
  write(record: object): void
  /** Resolves when all lines are written. */
  close(): Promise<void>
}

/** `true`: to standard error. A text: appended to that file. */
export async function accessLog(to: true | string): Promise<AccessLog> {
  if (to === true) return { write: (record) => void process.stderr.write(lineOf(record)), close: async () => {} }
  const file = await open(to, 'a').catch((error: Error) => {
    throw new OutputError(`Expected \`--access-log\` to be a file that can be written, got ${to}: ${error.message}`)
  })
  const lines = file.createWriteStream()
  let isBroken = false
  lines.on('error', (error) => {
    if (!isBroken) console.error(`ratelab: the access log ends here: ${error.message}`)
    isBroken = true
  })
  return {
    write: (record) => void (isBroken || lines.write(lineOf(record))),
    close: () => new Promise((resolve) => (isBroken ? resolve() : lines.end(() => resolve()))),
  }
}

function lineOf(record: object): string {
  return `${JSON.stringify(record)}\n`
}
