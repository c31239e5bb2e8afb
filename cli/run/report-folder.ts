import { access, constants, mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OutputError } from '../process/exit.ts'

/** Where a report goes. A file is complete under its name or not there: it is written beside it and renamed. */
export class ReportFolder {
  readonly path: string
  /** The folders that had to be made, innermost first. */
  #made: readonly string[]
  readonly #unfinished = new Set<string>()
  #writing: Promise<void> | undefined

  private constructor(path: string, made: readonly string[]) {
    this.path = path
    this.#made = made
  }

  /** Makes the folder, and fails before any run when nothing could be written there. */
  static async open(path: string): Promise<ReportFolder> {
    try {
      const made = await makeFolder(path)
      await access(path, constants.W_OK)
      return new ReportFolder(path, made)
    } catch (error) {
      throw cannotWrite(path, error)
    }
  }

  /** Writes all files or, when one cannot be written, none. */
  async write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    this.#writing = this.#writeAll(files)
    await this.#writing
  }

  /** Whether a report was being written, and now is: a half-written one is waited for, not left. */
  async isWritten(): Promise<boolean> {
    return (
      this.#writing?.then(
        () => true,
        () => false,
      ) ?? false
    )
  }

  async #writeAll(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    try {
      for (const [name, content] of Object.entries(files)) {
        const unfinished = join(this.path, `${name}.unfinished`)
        this.#unfinished.add(unfinished)
        this.#made = [...(await makeFolder(dirname(unfinished))), ...this.#made]
        await writeFile(unfinished, content)
      }
      // Nothing is renamed unless everything can be: a folder in the place of a file would stop it half-way.
      for (const name of Object.keys(files)) await mustNotBeFolder(join(this.path, name))
      for (const name of Object.keys(files)) await rename(join(this.path, `${name}.unfinished`), join(this.path, name))
      this.#unfinished.clear()
    } catch (error) {
      await this.discard()
      throw cannotWrite(this.path, error)
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

function cannotWrite(path: string, error: unknown): OutputError {
  const reason = error instanceof Error ? error.message : String(error)
  return new OutputError(`Expected to be able to write to ${path}, but: ${reason}. Name another folder with --out DIR.`)
}
