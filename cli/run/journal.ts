import { lstatSync, rmSync } from 'node:fs'
import { differenceOf } from '../../lab/cells/merge-shards.ts'
import { readJournal } from '../../lab/cells/read-shard.ts'
import { cellLineWriter, headerLine, type ShardHeader, shardLines } from '../../lab/cells/shard-lines.ts'
import type { Cell } from '../../src/compare/raw-result.ts'
import { GrowingFile } from '../files/growing-file.ts'
import { cannotWrite } from '../process/exit.ts'

/**
 * The file to which a run adds each cell when it is computed. When the run is killed the file stays, and the next run of the same
 * study goes on from it. The file is there only when it has a cell.
 */
export class Journal {
  readonly path: string
  /** The cells that the run need not compute: those of an earlier run that was killed. */
  readonly known: readonly Cell[]
  readonly #header: ShardHeader
  readonly #lineOf: (cell: Cell) => string
  #file: GrowingFile | undefined
  /** The number that the file system gives to the file of this run, or of the earlier one from which it goes on. */
  #own: number | undefined
  /** The number of cells in the file. */
  #count: number
  #isClosed = false

  private constructor(path: string, header: ShardHeader, known: readonly Cell[] = [], own?: number) {
    this.path = path
    this.known = known
    this.#header = header
    this.#lineOf = cellLineWriter(headerLine(header))
    this.#count = known.length
    this.#own = own
  }

  /**
   * Opens the journal of a shard. Its known cells are those of an earlier run, unless `isFresh` is true or that run was of another
   * study. `tell` gets a line about what is done with the file of an earlier run.
   */
  static async open(
    path: string,
    header: ShardHeader,
    isFresh: boolean,
    tell: (line: string) => void,
  ): Promise<Journal> {
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (isFresh || !found) return new Journal(path, header)
    // Anything else, such as a named pipe, is left aside: reading it could wait for ever.
    const earlier = found.isFile() ? await readJournal(path) : undefined
    const isSame = earlier !== undefined && headerLine(earlier.header) === headerLine(header)
    if (isSame && earlier.cells.length > 0)
      tell(`Goes on from ${path}, which has ${earlier.cells.length} of the runs; --fresh runs all again.`)
    else if (!isSame)
      tell(`${path} is not used and will be replaced: ${reason(earlier?.header, header)}. Another --out keeps it.`)
    return isSame && earlier.cells.length > 0
      ? new Journal(path, header, earlier.cells, found.ino)
      : new Journal(path, header)
  }

  /** Adds a cell to the file. Throws an `OutputError` when it cannot be written. After `close` it does nothing. */
  add(cell: Cell): void {
    if (this.#isClosed) return
    try {
      this.#file ??= this.#begin()
      this.#file.add(this.#lineOf(cell))
      this.#count++
    } catch (error) {
      throw cannotWrite(this.path, error, 'Name another folder with --out DIR.')
    }
  }

  /** Replaces the file of an earlier run, whose end may be damaged, by one with the known cells. */
  #begin(): GrowingFile {
    const file = GrowingFile.begin(this.path, [...shardLines(this.#header, this.known)].join(''))
    this.#own = file.inode
    return file
  }

  /**
   * Whether the file at the path is that of this run, or of the earlier run from which it goes on. Until the first cell it can be that of another
   * study, and later another run of the same folder can have put its own there.
   */
  get #isOwn(): boolean {
    return this.#own !== undefined && this.#own === lstatSync(this.path, { throwIfNoEntry: false })?.ino
  }

  /** Ends the journal and keeps its file if it has a cell. Returns the number of cells that the next run need not compute. */
  close(): number {
    if (this.#isClosed) return this.#count
    this.#isClosed = true
    this.#file?.close()
    if (this.#isOwn && this.#count === 0) rmSync(this.path, { force: true })
    return this.#count
  }

  /** Ends the journal and removes its file. A file of another study, which was not replaced yet, stays. */
  remove(): void {
    this.close()
    if (this.#isOwn) rmSync(this.path, { force: true })
  }
}

function reason(earlier: ShardHeader | undefined, header: ShardHeader): string {
  if (!earlier) return 'its first line cannot be read'
  return `it and this study differ in ${differenceOf(earlier, header) ?? 'the shard'}`
}
