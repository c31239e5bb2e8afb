import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { InputError } from '../../src/checks/input-error.ts'
import type { Millis } from '../../src/core/clock.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { readCommentedJson } from './commented-json.ts'
import { configProblems, type ServeConfig } from './serve-config.ts'

/** The config in a file, or a sentence for each problem with the file. */
export type ConfigRead = { readonly config: ServeConfig } | { readonly problems: readonly string[] }

/** The length of the longest config file that is read, in bytes. A longer file is probably not a config. */
export const longestConfig = 1024 * 1024

/** Reads and checks a config file. The promise never rejects; problems are returned. */
export async function readConfig(path: string): Promise<ConfigRead> {
  let bytes: Uint8Array
  try {
    bytes = await beginningOf(path)
  } catch (error) {
    return { problems: [`Expected ${path} to be a file that can be read, but ${reasonOf(error)}`] }
  }
  if (bytes.length > longestConfig)
    return { problems: [`Expected ${path} to be a config of at most ${longestConfig} bytes, got a longer file`] }
  return parseConfig(path, bytes)
}

/** Reads and checks a config from the bytes of a file. Messages name the file by `path`. */
export function parseConfig(path: string, bytes: Uint8Array): ConfigRead {
  let json: string
  try {
    json = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { problems: [`Expected ${path} to be text in UTF-8, got bytes that are not UTF-8`] }
  }
  if (json.trim() === '')
    return { problems: [`Expected ${path} to contain a JSON object, got an empty file; {} is the smallest config`] }
  const read = readCommentedJson(json)
  if ('fault' in read) {
    const { line, column, expected, got } = read.fault
    return {
      problems: [`Expected ${path} to be JSON: line ${line}, column ${column}: expected ${expected}, got ${got}`],
    }
  }
  const problems = configProblems(read.value)
  return problems.length > 0 ? { problems } : { config: read.value as ServeConfig }
}

/** How long a named pipe or a terminal may take to give the config, in real time. */
const mostReading: Millis = 5000

/**
 * Returns the beginning of a file, up to one byte more than the longest config. A file such as /dev/zero has no end. A named pipe is read without
 * waiting for a program that opens it, since there may never be one.
 */
export async function beginningOf(path: string): Promise<Uint8Array> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const bytes = new Uint8Array(longestConfig + 1)
  const until = systemClock.now() + mostReading
  let length = 0
  while (length < bytes.length) {
    const bytesRead = await readSome(file, bytes, length)
    if (bytesRead === 0) break
    if (bytesRead !== undefined) length += bytesRead
    else if (systemClock.now() < until) await systemClock.sleep(20)
    else throw new InputError(`it does not end within ${mostReading / 1000} s`, 'CONFIG_INVALID')
  }
  if (length === 0 && (await file.stat()).isFIFO())
    throw new InputError('it is a named pipe to which nothing is written', 'CONFIG_INVALID')
  return bytes.subarray(0, length)
}

/** Reads what is there. Returns the number of bytes, 0 at the end, or undefined when more may come later. */
async function readSome(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number | undefined> {
  try {
    return (await file.read(bytes, offset)).bytesRead
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}

/** Why a file cannot be read, as a part of a sentence. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'it does not exist: check the path'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'EACCES') return 'you may not read it: check its permissions'
  return message
}
