import { access, constants, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { removeAbandoned } from '../files/aside-folder.ts'
import { createFolder, createFoldersIn } from '../files/folders.ts'
import { type Files, writeTogether } from '../files/written-together.ts'
import { cannotWrite } from '../process/exit.ts'

/** The name of the report's file in Markdown. */
export const reportFile = 'report.md'

/**
 * The folder of a report. A command writes all its files together, so that they never mix with those of another run of the same folder.
 */
export class ReportFolder {
  readonly path: string
  /** The sentence with which the error ends when the folder cannot be written. */
  readonly #remedy: string
  /** The folders that were created for the report, outermost first. */
  readonly #created: string[]
  #writing: Promise<void> | undefined
  #isWritten = false
  #isClosed = false

  private constructor(path: string, remedy: string, created: string[]) {
    this.path = path
    this.#remedy = remedy
    this.#created = created
  }

  /**
   * Opens the folder `name` in the folder `out`, and creates what does not exist. Throws an `OutputError`, which ends with `remedy`, when the
   * folder cannot be written, or when `name` is a symbolic link. Call it before a run, so that no run is lost.
   */
  static async open(out: string, name: string, remedy: string): Promise<ReportFolder> {
    const path = join(out, name)
    try {
      const created = [...(await createFolder(out)), ...(await createFoldersIn(out, name))]
      await access(path, constants.W_OK)
      await removeAbandoned(path)
      return new ReportFolder(path, remedy, created)
    } catch (error) {
      throw cannotWrite(path, error, remedy)
    }
  }

  /** Whether the files of the command are complete. */
  get isWritten(): boolean {
    return this.#isWritten
  }

  /** Writes all these files. When one cannot be written it writes none of them and throws an `OutputError`. */
  async write(files: Files): Promise<void> {
    // After `close` the process is about to end. A promise that never settles stops the caller until then.
    if (this.#isClosed) return new Promise(() => {})
    this.#writing = this.#writeAll(files)
    await this.#writing
  }

  /** Lets a write in progress end, and prevents any later one. Removes the folders that are empty. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#writing?.catch(() => {})
    await this.discard()
  }

  async #writeAll(files: Files): Promise<void> {
    try {
      await writeTogether(this.path, files, (folder) => this.#created.push(folder))
      this.#isWritten = true
    } catch (error) {
      await this.discard()
      throw cannotWrite(this.path, error, this.#remedy)
    }
  }

  /** Removes the folders that were created for the report if they are empty. */
  async discard(): Promise<void> {
    for (const folder of this.#created.toReversed()) await rmdir(folder).catch(() => {})
  }
}
