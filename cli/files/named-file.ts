import { constants } from 'node:fs'
import { lstat, open, readlink, stat, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { OutputError } from '../process/exit.ts'
import { writeTogether } from './written-together.ts'

/** Links that the system makes to what the process has open. Nobody else can put one there. */
const ownFile = /^\/(?:dev\/(?:stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/

/**
 * Writes a file that a user has named: whole, in place of the former one. A device, a named pipe or what the process has open, such as
 * /dev/stdout, gets the content as it is. Rejects with the system's error, also for a named pipe that nobody reads, and for a symbolic link to a file.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  if (!(await isStream(path))) return writeTogether(dirname(path), { [basename(path)]: content })
  // Without this flag the system would wait for somebody who reads a named pipe. The pipe stays open until the content is written.
  await using _reader = await open(path, constants.O_WRONLY | constants.O_NONBLOCK)
  await writeFile(path, content, { flag: constants.O_WRONLY | constants.O_APPEND })
}

/** Adds text to a file that a user has named: all of it, or nothing. Rejects as `replaceFile` does. */
export async function extendFile(path: string, text: string): Promise<void> {
  if (await isStream(path)) return replaceFile(path, text)
  await using file = await open(path, 'a')
  const { size } = await file.stat()
  try {
    await file.writeFile(text)
  } catch (error) {
    await file.truncate(size)
    throw error
  }
}

/** Whether a path leads to a device, a pipe or what the process has open. Rejects when it is another symbolic link to a file, or one to nothing. */
async function isStream(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() ?? false
  if (isLink && found?.isFile() && ownFile.test(path)) return true
  if (isLink && (!found || found.isFile()))
    throw new OutputError(`it is a symbolic link, which is not followed: name ${await readlink(path)} itself`)
  return found !== undefined && !found.isFile() && !found.isDirectory()
}
