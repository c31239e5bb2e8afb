import { constants, fstatSync, write } from 'node:fs'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { OutputError } from './exit.ts'
import type { LineOutput } from './line-writer.ts'

const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants

/** Who may read a log: its owner alone. */
const ownerOnly = 0o600

/** The number of standard error among the files of the process. */
const standardError = 2

/**
 * Opens a file to which lines are appended, and creates it for its owner alone if it does not exist. A named pipe needs somebody who reads it; the
 * system would wait for one without the flag for that. Rejects with an error that says why it cannot be written.
 */
export async function fileOutput(path: string): Promise<LineOutput> {
  const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, ownerOnly).catch((error) => {
    if (error.code !== 'ENXIO') throw error
    throw new OutputError('it is a named pipe that nobody reads, or a socket')
  })
  const kind = await file.stat()
  if (kind.isBlockDevice()) {
    await file.close()
    throw new OutputError('it is a disk')
  }
  return {
    write: (bytes) => file.write(bytes).then(({ bytesWritten }) => bytesWritten, noneWhenFull),
    async takeBack(length) {
      if (!kind.isFile()) return false
      await file.truncate((await file.stat()).size - length)
      return true
    },
    close: () => file.close(),
  }
}

/** Returns standard error as an output for lines. The process keeps it open. */
export function standardErrorOutput(stderr: NodeJS.WriteStream = process.stderr): LineOutput {
  const writeToDescriptor = promisify(write)
  return {
    // Node's stream for a file does not tell how much of a line a full disk has taken.
    write: fstatSync(standardError).isFile()
      ? (bytes) => writeToDescriptor(standardError, bytes).then(({ bytesWritten }) => bytesWritten, noneWhenFull)
      : (bytes) =>
          new Promise((resolve, reject) =>
            stderr.write(bytes, (error) => (error ? reject(error) : resolve(bytes.length))),
          ),
    takeBack: async () => false,
    close: async () => {},
  }
}

/** A pipe without room for now takes no bytes, which is no fault. */
function noneWhenFull(error: NodeJS.ErrnoException): number {
  if (error.code === 'EAGAIN') return 0
  throw error
}
