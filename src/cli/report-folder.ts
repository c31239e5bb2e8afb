import { access, constants, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OutputError } from './exit.ts'

/** Where a report goes. A file is complete under its name or not there: it is written beside it and renamed. */
export class ReportFolder {
  readonly path: string
  readonly #unfinished = new Set<string>()

  private constructor(path: string) {
    this.path = path
  }

  /** Makes the folder, and fails before any run when nothing could be written there. */
  static async open(path: string): Promise<ReportFolder> {
    try {
      await mkdir(path, { recursive: true })
      await access(path, constants.W_OK)
      return new ReportFolder(path)
    } catch (error) {
      throw cannotWrite(path, error)
    }
  }

  /** Writes all files or, when one cannot be written, none. */
  async write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    try {
      for (const [name, content] of Object.entries(files)) {
        const unfinished = join(this.path, `${name}.unfinished`)
        this.#unfinished.add(unfinished)
        await mkdir(dirname(unfinished), { recursive: true })
        await writeFile(unfinished, content)
      }
      for (const name of Object.keys(files)) await rename(join(this.path, `${name}.unfinished`), join(this.path, name))
      this.#unfinished.clear()
    } catch (error) {
      await this.discard()
      throw cannotWrite(this.path, error)
    }
  }

  /** Removes what is not complete. */
  async discard(): Promise<void> {
    await Promise.all([...this.#unfinished].map((file) => rm(file, { force: true })))
  }
}

function cannotWrite(path: string, error: unknown): OutputError {
  const reason = error instanceof Error ? error.message : String(error)
  return new OutputError(`Expected to be able to write to ${path}, but: ${reason}. Name another folder with --out DIR.`)
}
