import { closeSync, fstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { asideIn } from './aside-folder.ts'

/** A file that one process makes and then adds to, line by line. What is at its path before is replaced, not written to. */
export class GrowingFile {
  readonly #file: number
  /** The number that the file system gives to the file. Another file that takes its place has another one. */
  readonly inode: number

  private constructor(file: number) {
    this.#file = file
    this.inode = fstatSync(file).ino
  }

  /** Puts a new file with this content into place, once it is complete. Throws the system's error. */
  static begin(path: string, content: string): GrowingFile {
    const aside = asideIn(dirname(path))
    try {
      const begun = join(aside, 'begun')
      const file = new GrowingFile(openSync(begun, 'wx'))
      file.add(content)
      renameSync(begun, path)
      return file
    } finally {
      rmSync(aside, { recursive: true, force: true })
    }
  }

  add(text: string): void {
    writeFileSync(this.#file, text)
  }

  close(): void {
    closeSync(this.#file)
  }
}
