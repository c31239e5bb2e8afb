import { closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { differenceOf } from '../../lab/cells/merge-shards.ts'
import { readJournal } from '../../lab/cells/read-shard.ts'
import { cellLineWriter, headerLine, type ShardHeader, shardLines } from '../../lab/cells/shard-lines.ts'
import type { Cell } from '../../src/compare/raw-result.ts'
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
  #file: number | undefined
  /** The number of cells in the file. */
  #count: number
  #isClosed = false

  private constructor(path: string, header: ShardHeader, known: readonly Cell[]) {
    this.path = path
    this.known = known
    this.#header = header
    this.#lineOf = cellLineWriter(headerLine(header))
    this.#count = known.length
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
    if (isFresh || !existsSync(path)) return new Journal(path, header, [])
    const earlier = await readJournal(path)
    const isSame = earlier !== undefined && headerLine(earlier.header) === headerLine(header)
    if (isSame && earlier.cells.length > 0)
      tell(`Goes on from ${path}, which has ${earlier.cells.length} of the runs; --fresh runs all again.`)
    else if (!isSame)
      tell(`${path} is not used and will be replaced: ${reason(earlier?.header, header)}. Another --out keeps it.`)
    return new Journal(path, header, isSame ? earlier.cells : [])
  }

  /** Adds a cell to the file. Throws an `OutputError` when it cannot be written. After `close` it does nothing. */
  add(cell: Cell): void {
    if (this.#isClosed) return
    try {
      this.#file ??= this.#begin()
      writeSync(this.#file, this.#lineOf(cell))
      this.#count++
    } catch (error) {
      rmSync(this.#unfinished, { force: true })
      throw cannotWrite(this.path, error, 'Name another folder with --out DIR.')
    }
  }

  /** Replaces the file of an earlier run, whose end may be damaged, by one with the known cells. */
  #begin(): number {
    writeFileSync(this.#unfinished, [...shardLines(this.#header, this.known)].join(''))
    renameSync(this.#unfinished, this.path)
    return openSync(this.path, 'a')
  }

  get #unfinished(): string {
    return `${this.path}.unfinished`
  }

  /** Whether the file at the path is of this study. Until the first cell it can be that of another one. */
  get #isOwn(): boolean {
    return this.#file !== undefined || this.known.length > 0
  }

  /** Ends the journal and keeps its file if it has a cell. Returns the number of cells that the next run need not compute. */
  close(): number {
    if (this.#isClosed) return this.#count
    this.#isClosed = true
    if (this.#file !== undefined) closeSync(this.#file)
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
