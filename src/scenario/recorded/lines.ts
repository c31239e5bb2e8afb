import type { FileHandle } from 'node:fs/promises'
import { type InputCode, InputError } from '../../checks/input-error.ts'
import { openToRead, pipePatience, readNext, reasonForNothing } from './opened-file.ts'

/** Receives a line, which is in `bytes` from `start` to `end` without its line feed. The bytes change after the call returns. */
export type ReceiveLine = (bytes: Buffer, start: number, end: number, line: number) => void

/** The codes of the errors for a file that cannot be read, and for a file with a line that is too long. */
interface Codes {
  readonly unreadable: InputCode
  readonly invalid: InputCode
}

const traceCodes: Codes = { unreadable: 'TRACE_UNREADABLE', invalid: 'TRACE_INVALID' }

/** The options of `eachLine`. */
export interface LineOptions {
  /** The greatest number of bytes in a line. A file without line ends must not fill the memory. Default: 1 MiB. */
  readonly longestLine?: number
  /** The kind of file, for messages. Default: `file of CSV or JSON Lines`. */
  readonly kind?: string
  /** The codes of the errors. Default: `TRACE_UNREADABLE` when the file cannot be read, `TRACE_INVALID` when a line is too long. */
  readonly codes?: Codes
}

const firstBuffer = 1 << 20

/**
 * Reads a file line by line through one buffer, so that a file of any size can be read. The last line needs no line feed.
 * Throws an `InputError` when the file cannot be read, or when a line is too long.
 */
export async function eachLine(path: string, receive: ReceiveLine, options: LineOptions = {}): Promise<void> {
  const { longestLine = firstBuffer, kind = 'file of CSV or JSON Lines', codes = traceCodes } = options
  const file = await openFile(path, kind, codes)
  try {
    let buffer = Buffer.allocUnsafe(firstBuffer)
    let held = 0
    let line = 0
    for (;;) {
      const bytesRead = await readNext(file, buffer, held)
      if (bytesRead === undefined)
        throw unreadable(path, `it gives nothing for ${pipePatience / 1000} s after line ${line}`, codes)
      if (bytesRead === 0) break
      const filled = buffer.subarray(0, held + bytesRead)
      let start = 0
      for (let end = filled.indexOf(10, held); end >= 0; end = filled.indexOf(10, start)) {
        receive(buffer, start, end, ++line)
        start = end + 1
      }
      held = filled.length - start
      if (held >= longestLine)
        throw new InputError(
          `Expected lines of text in ${path}, got more than ${longestLine} bytes without a line end after line ${line}: ` +
            `unpack the file if it is compressed, or name a ${kind}`,
          codes.invalid,
        )
      const from = buffer
      if (held === buffer.length) buffer = Buffer.allocUnsafe(Math.min(2 * held, longestLine))
      from.copy(buffer, 0, start, filled.length)
    }
    if (held > 0) receive(buffer, 0, held, ++line)
    const nothing = line === 0 ? await reasonForNothing(file) : undefined
    if (nothing !== undefined) throw unreadable(path, nothing, codes)
  } finally {
    await file.close()
  }
}

async function openFile(path: string, kind: string, codes: Codes): Promise<FileHandle> {
  let file: FileHandle
  try {
    file = await openToRead(path)
  } catch (error) {
    throw unreadable(path, reason(error), codes)
  }
  if (!(await file.stat()).isDirectory()) return file
  await file.close()
  throw new InputError(`Expected ${path} to be a file, got a folder: name the ${kind} in it`, codes.unreadable)
}

function unreadable(path: string, reason: string, codes: Codes): InputError {
  return new InputError(`Expected to read the file ${path}, but ${reason}`, codes.unreadable)
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return 'it does not exist: check the path, which is relative to the current folder'
  if (code === 'EACCES' || code === 'EPERM') return 'you may not read it: check its permissions'
  return `it cannot be opened: ${message}`
}
