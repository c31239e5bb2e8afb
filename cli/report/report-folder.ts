import { createWriteStream } from 'node:fs'
import { access, constants, mkdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { cannotWrite } from '../process/exit.ts'

/** The name of the report's file in Markdown. */
export const reportFile = 'report.md'

/** The contents of files by their path in the folder. A content is whole, or in pieces that are written one after the other. */
export type Files = Readonly<Record<string, string | Uint8Array | Iterable<string>>>

/**
 * The folder of a report. A file in it is either complete or not there, because it is written under another name and renamed at the
 * end.
 */
export class ReportFolder {
  readonly path: string
  /** The sentence with which the error ends when the folder cannot be written. */
  readonly #remedy: string
  /** The folders that were created for the report, innermost first. */
  #created: readonly string[]
  readonly #unfinished = new Set<string>()
  #writing: Promise<void> | undefined
  readonly #written: string[] = []
  #isClosed = false

  private constructor(path: string, remedy: string, created: readonly string[]) {
    this.path = path
    this.#remedy = remedy
    this.#created = created
  }

  /**
   * Creates the folder if it does not exist. Throws an `OutputError`, which ends with `remedy`, when the folder cannot be written.
   * Call it before a run, so that no run is lost.
   */
  static async open(path: string, remedy: string): Promise<ReportFolder> {
    try {
      const created = await createFolder(path)
      await access(path, constants.W_OK)
      return new ReportFolder(path, remedy, created)
    } catch (error) {
      throw cannotWrite(path, error, remedy)
    }
  }

  /** Writes all these files. When one cannot be written it writes none of them and throws an `OutputError`. */
  async write(files: Files): Promise<void> {
    // After `close` the process is about to end. A promise that never settles stops the caller until then.
    if (this.#isClosed) return new Promise(() => {})
    this.#writing = this.#writeAll(files)
    await this.#writing
  }

  /** Lets a write in progress end, and prevents any later one. Resolves with the paths of all complete files. */
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
        this.#created = [...(await createFolder(dirname(unfinished))), ...this.#created]
        const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
        await pipeline(Readable.from(pieces), createWriteStream(unfinished))
      }
      // A folder with the name of a file would make its renaming fail. So all names are checked before the first file is renamed.
      for (const name of Object.keys(files)) await expectNoFolder(join(this.path, name))
      for (const name of Object.keys(files)) await rename(join(this.path, `${name}.unfinished`), join(this.path, name))
      this.#unfinished.clear()
      for (const name of Object.keys(files)) this.#written.push(name)
    } catch (error) {
      await this.discard()
      throw cannotWrite(this.path, error, this.#remedy)
    }
  }

  /** Removes incomplete files, and the folders that were created for the report if they are empty. */
  async discard(): Promise<void> {
    await Promise.all([...this.#unfinished].map((file) => rm(file, { force: true }).catch(() => {})))
    for (const folder of this.#created) await rmdir(folder).catch(() => {})
  }
}

/**
 * Creates a folder and those above it. Returns the ones that did not exist, innermost first. The option `recursive` of `mkdir` is not
 * used: in a folder such as /proc, where the system refuses a new folder with "no such file", it never returns.
 */
async function createFolder(path: string): Promise<string[]> {
  try {
    await mkdir(path)
    return [path]
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return []
    if (code !== 'ENOENT' || dirname(path) === path) throw error
  }
  const above = await createFolder(dirname(path))
  await mkdir(path)
  return [path, ...above]
}

async function expectNoFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isFolder) throw new Error(`${path} is a folder, and the report needs a file there`)
}
