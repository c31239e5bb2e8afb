import { type FileHandle, open } from 'node:fs/promises'
import { InputError } from '../../checks/input-error.ts'

/** A line lies in `bytes` from `start` to `end`, without its line feed. The bytes are good until the call returns. */
export type TakeLine = (bytes: Buffer, start: number, end: number, line: number) => void

export interface LineOptions {
  /** Bytes that a line may have. A file without line ends is no text, and would otherwise fill the memory. Default: 1 MiB. */
  readonly longestLine?: number
  /** What the file should be, as messages call it. Default: `CSV file`. */
  readonly kind?: string
}

const firstBuffer = 1 << 20

/** Reads a file line by line through one buffer, so that its size does not matter. The last line needs no line feed. */
export async function eachLine(path: string, take: TakeLine, options: LineOptions = {}): Promise<void> {
  const { longestLine = firstBuffer, kind = 'CSV file' } = options
  const file = await opened(path, kind)
  try {
    let buffer = Buffer.allocUnsafe(firstBuffer)
    let held = 0
    let line = 0
    for (;;) {
      const { bytesRead } = await file.read(buffer, held, buffer.length - held, null)
      if (bytesRead === 0) break
      const filled = buffer.subarray(0, held + bytesRead)
      let start = 0
      for (let end = filled.indexOf(10, held); end >= 0; end = filled.indexOf(10, start)) {
        take(buffer, start, end, ++line)
        start = end + 1
      }
      held = filled.length - start
      if (held >= longestLine)
        throw new InputError(
          `Expected lines of text in ${path}, got more than ${longestLine} bytes without a line end after line ${line}: ` +
            `is it compressed, or no ${kind}?`,
        )
      const from = buffer
      if (held === buffer.length) buffer = Buffer.allocUnsafe(Math.min(2 * held, longestLine))
      from.copy(buffer, 0, start, filled.length)
    }
    if (held > 0) take(buffer, 0, held, ++line)
  } finally {
    await file.close()
  }
}

async function opened(path: string, kind: string): Promise<FileHandle> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (error) {
    throw new InputError(`Expected to read the file ${path}, but ${reason(error)}`)
  }
  if (!(await file.stat()).isDirectory()) return file
  await file.close()
  throw new InputError(`Expected ${path} to be a file, got a folder: name the ${kind} in it`)
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return 'there is none: check the path, which counts from the current folder'
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read: check its permissions'
  return `it cannot be opened: ${message}`
}
