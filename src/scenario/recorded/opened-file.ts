import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Millis } from '../../core/clock.ts'
import { systemClock } from '../../core/system-clock.ts'

/** How long a named pipe or a terminal may give nothing, in real time. */
export const pipePatience: Millis = 5000

/** Between two looks at a pipe that gives nothing. */
const pause: Millis = 20

/** Opens a file to read it. For a named pipe it does not wait for a program that writes to it, since there may never be one. Rejects with the system's error. */
export function openToRead(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK)
}

/**
 * Reads the next bytes into a buffer from `offset` on. Returns their number, 0 at the end, or undefined when nothing has come until `until`, a time of
 * the system's clock. Default: `pipePatience` from now. Rejects with the system's error.
 */
export async function readNext(
  file: FileHandle,
  buffer: Uint8Array,
  offset: number,
  until = systemClock.now() + pipePatience,
): Promise<number | undefined> {
  for (;;) {
    try {
      return (await file.read(buffer, offset, buffer.length - offset, null)).bytesRead
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
    if (systemClock.now() >= until) return undefined
    await systemClock.sleep(pause)
  }
}

/** Returns why a file has no content, as a part of a sentence. Undefined: it is empty, and no pipe. */
export async function reasonForNothing(file: FileHandle): Promise<string | undefined> {
  return (await file.stat()).isFIFO() ? 'it is a named pipe to which nothing is written' : undefined
}
