import { createWriteStream } from 'node:fs'
import { access, constants, mkdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { OutputError } from '../exit.ts'

/** The report that people read. */
export const reportFile = 'report.md'

/** Files by their path from the folder, each whole or in pieces. */
export type Files = Readonly<Record<string, string | Uint8Array | Iterable<string>>>

/** Where a report goes. A file is complete under its name or not there: it is written beside it and renamed. */
export class ReportFolder {
  readonly path: string
  /** What to do where the folder cannot be written. */
  readonly #remedy: string
  /** The folders that had to be made, innermost first. */
  #made: readonly string[]
  readonly #unfinished = new Set<string>()
  #writing: Promise<void> | undefined
  readonly #written: string[] = []
  #isClosed = false

  private constructor(path: string, remedy: string, made: readonly string[]) {
    this.path = path
    this.#remedy = remedy
    this.#made = made
  }

  /** Makes the folder, and fails before any run when nothing could be written there; the error ends with the remedy. */
  static async open(path: string, remedy: string): Promise<ReportFolder> {
    try {
      const made = await makeFolder(path)
      await access(path, constants.W_OK)
      return new ReportFolder(path, remedy, made)
    } catch (error) {
      throw cannotWrite(path, error, remedy)
    }
  }

  /** Writes all files or, when one cannot be written, none. */
  async write(files: Files): Promise<void> {
    // Whoever closed the folder is about to end the process: until then, nothing follows.
    if (this.#isClosed) return new Promise(() => {})
    this.#writing = this.#writeAll(files)
    await this.#writing
  }

  /** Writes nothing more. Resolves with the files that are complete, once those that are just being written are: none is left half-written. */
  async close(): Promise<readonly string[]> {
    this.#isClosed = true
    await this.#writing?.catch(() => {})
    await this.discard()
    return [...this.#written]
  }

  async #writeAll(files: Files): Promise<void> {
    try {
      for (const [name, content] of Object.entries(files)) {
        const unfinished = join(this.path, `${name}.unfinished`)
        this.#unfinished.add(unfinished)
        this.#made = [...(await makeFolder(dirname(unfinished))), ...this.#made]
        const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
        await pipeline(Readable.from(pieces), createWriteStream(unfinished))
      }
      // Nothing is renamed unless everything can be: a folder in the place of a file would stop it half-way.
      for (const name of Object.keys(files)) await mustNotBeFolder(join(this.path, name))
      for (const name of Object.keys(files)) await rename(join(this.path, `${name}.unfinished`), join(this.path, name))
      this.#unfinished.clear()
      this.#written.push(...Object.keys(files))
    } catch (error) {
      await this.discard()
      throw cannotWrite(this.path, error, this.#remedy)
    }
  }

  /** Removes what is not complete, and the folders that were made for it if nothing else is in them. */
  async discard(): Promise<void> {
    await Promise.all([...this.#unfinished].map((file) => rm(file, { force: true }).catch(() => {})))
    for (const folder of this.#made) await rmdir(folder).catch(() => {})
  }
}

/**
 * Makes a folder and those above it; returns the ones that were not there, innermost first. Node's own `recursive` never
 * returns where a folder is, but none can be made in it because the system says "no such file", as in /proc.
 */
async function makeFolder(path: string): Promise<string[]> {
  try {
    await mkdir(path)
    return [path]
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return []
    if (code !== 'ENOENT' || dirname(path) === path) throw error
  }
  const above = await makeFolder(dirname(path))
  await mkdir(path)
  return [path, ...above]
}

async function mustNotBeFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isFolder) throw new Error(`there is a folder where ${path} should go`)
}

function cannotWrite(path: string, error: unknown, remedy: string): OutputError {
  const reason = error instanceof Error ? error.message : String(error)
  return new OutputError(`Expected to be able to write to ${path}, but: ${reason}. ${remedy}`)
}
