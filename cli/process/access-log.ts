import { harmlessJson } from '../../src/core/printable.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { OutputError, tellFault } from './exit.ts'
import { fileOutput, standardErrorOutput } from './line-outputs.ts'
import { LineWriter } from './line-writer.ts'
import { tell as tellUser } from './output.ts'

/** Writes one line of JSON for each request, when it ends. The caller redacts keys. */
export interface AccessLog<Record> {
  /** Adds a record. It never throws: a fault is told on standard error, and the server lives. */
  write(record: Record): void
  /** Opens the file again by its path, after a rotation of logs has renamed it. */
  reopen(): Promise<void>
  /** Resolves when all lines are written. Lines that cannot be written soon are lost, and their number is told. */
  close(): Promise<void>
}

/**
 * Opens a log that writes to standard error (`true`) or appends to a file. `shown` makes the object that a line shows. Throws an `OutputError`
 * when the file cannot be written.
 */
export async function accessLog<Record>(
  to: true | string,
  shown: (record: Record) => object,
): Promise<AccessLog<Record>> {
  const tell = (line: string) => tellUser(`ratelab: ${line}`)
  const output =
    to === true
      ? standardErrorOutput()
      : await fileOutput(to).catch((error: Error) => {
          throw new OutputError(
            `Expected \`--access-log\` to be a file that can be written, got ${to}: ${error.message}`,
          )
        })
  const lines = new LineWriter(output, systemClock, tell)
  let isFaulty = false
  return {
    write(record) {
      try {
        lines.add(`${harmlessJson(shown(record))}\n`)
      } catch (error) {
        if (!isFaulty) tellFault('A request that the access log cannot show', error)
        isFaulty = true
      }
    },
    async reopen() {
      if (to === true) return
      try {
        lines.switchTo(await fileOutput(to))
      } catch (error) {
        tell(`the access log cannot be opened again, and the former file is written on: ${(error as Error).message}`)
      }
    },
    close: () => lines.close(),
  }
}
