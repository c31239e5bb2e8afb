import { InputError } from '../../src/checks/input-error.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { openToRead, pipePatience, readNext, reasonForNothing } from '../../src/scenario/recorded/opened-file.ts'
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

/**
 * Returns the beginning of a file, up to one byte more than the longest config. A file such as /dev/zero has no end, and a named pipe may have
 * nobody who writes to it.
 */
export async function beginningOf(path: string): Promise<Uint8Array> {
  await using file = await openToRead(path)
  const bytes = new Uint8Array(longestConfig + 1)
  const until = systemClock.now() + pipePatience
  let length = 0
  while (length < bytes.length) {
    const bytesRead = await readNext(file, bytes, length, until)
    if (bytesRead === undefined)
      throw new InputError(`it does not end within ${pipePatience / 1000} s`, 'CONFIG_INVALID')
    if (bytesRead === 0) break
    length += bytesRead
  }
  const reason = length === 0 ? await reasonForNothing(file) : undefined
  if (reason !== undefined) throw new InputError(reason, 'CONFIG_INVALID')
  return bytes.subarray(0, length)
}

/** Why a file cannot be read, as a part of a sentence. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'it does not exist: check the path'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'EACCES') return 'you may not read it: check its permissions'
  return message
}
