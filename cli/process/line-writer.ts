import type { Clock, Millis } from '../../src/core/clock.ts'

/** Where lines go: a file, a pipe or a terminal. */
export interface LineOutput {
  /** Writes bytes, or as many of them as there is room for. Resolves with their number. Rejects with the system's error. */
  write(bytes: Uint8Array): Promise<number>
  /** Removes the last bytes that were written, the beginning of a line. Returns false where that is not possible. */
  takeBack(length: number): Promise<boolean>
  close(): Promise<void>
}

/** How much may wait for a slow or a full output, in characters. Further lines are lost. */
export const mostWaiting = 4 * 1024 * 1024

/** After a failure, the time until the next attempt. */
const retryPause: Millis = 1000

/** When a pipe is full, the time until the next look. */
const fullPause: Millis = 20

/** How long lines that wait may take to be written at the end. */
const closePatience: Millis = 2000

/**
 * Writes whole lines in their order, one write after the other, and keeps those that wait for a slow or a full output within bounds. It never throws
 * and never makes its caller wait. `tell` gets a line when lines cannot be written, and another one, with the number of lines that were lost, when
 * they can be written again.
 */
export class LineWriter {
  #output: LineOutput
  readonly #clock: Clock
  readonly #tell: (line: string) => void
  #waiting: string[] = []
  /** The size of the lines that wait and of those that are being written, in characters. */
  #size = 0
  /** The lines that are being written, their size in characters, and how many of their bytes are written. */
  #bytes: Uint8Array = new Uint8Array()
  #taken = 0
  #done = 0
  #next: LineOutput | undefined
  #lost = 0
  #isInTrouble = false
  #draining: Promise<void> | undefined
  readonly #closing = new AbortController()
  #isOver = false

  constructor(output: LineOutput, clock: Clock, tell: (line: string) => void) {
    this.#output = output
    this.#clock = clock
    this.#tell = tell
  }

  /** Adds a line, which ends with a line feed. */
  add(line: string): void {
    if (this.#size + line.length > mostWaiting) {
      this.#lost++
      this.#trouble('it is slower than the requests, so lines are lost')
    } else {
      this.#waiting.push(line)
      this.#size += line.length
      this.#draining ??= this.#drain()
    }
  }

  /** Writes to another output, from the next whole line on. The former one is closed. */
  switchTo(output: LineOutput): void {
    this.#next?.close().catch(() => {})
    this.#next = output
    this.#draining ??= this.#drain()
  }

  /** Resolves when all lines are written, or cannot be written soon. Tells how many are lost. */
  async close(): Promise<void> {
    this.#closing.abort()
    const patience = new AbortController()
    const late = this.#clock.sleep(closePatience, patience.signal).catch(() => {})
    await Promise.race([this.#draining, late])
    patience.abort()
    this.#isOver = true
    const lost = this.#lost + linesIn(this.#bytes.subarray(this.#done)) + this.#waiting.length
    if (lost > 0) this.#tell(`the access log ends; lines lost: ${lost}`)
    // A file on a disk that does not answer cannot be closed, either.
    void this.#output.close().catch(() => {})
  }

  async #drain(): Promise<void> {
    // It never ends before its promise is kept in the field. Lines that come together are also written together.
    await undefined
    while (!this.#isOver && (this.#next || this.#size > 0)) {
      if (this.#next && this.#isBetweenLines) this.#switch(this.#next)
      else if (this.#done === this.#bytes.length) this.#take()
      else if (!(await this.#writeSome())) {
        if (this.#closing.signal.aborted) break
        await this.#clock.sleep(retryPause, this.#closing.signal).catch(() => {})
      }
    }
    this.#draining = undefined
    if (this.#isInTrouble && this.#size === 0) {
      this.#tell(`the access log is written again; lines lost: ${this.#lost}`)
      this.#isInTrouble = false
      this.#lost = 0
    }
  }

  get #isBetweenLines(): boolean {
    return this.#done === 0 || this.#bytes[this.#done - 1] === lineFeed
  }

  #switch(next: LineOutput): void {
    this.#output.close().catch(() => {})
    this.#output = next
    this.#next = undefined
  }

  #take(): void {
    this.#bytes = Buffer.from(this.#waiting.join(''))
    this.#taken = this.#size
    this.#done = 0
    this.#waiting = []
  }

  /** Makes one attempt to write, and waits a little when there is no room. Returns false when it fails. */
  async #writeSome(): Promise<boolean> {
    try {
      const count = await this.#output.write(this.#bytes.subarray(this.#done))
      this.#done += count
      if (this.#done === this.#bytes.length) this.#size -= this.#taken
      if (count === 0) await this.#clock.sleep(fullPause)
      return true
    } catch (error) {
      this.#trouble(`${(error as Error).message}; its lines wait, and those beyond ${mostWaiting} characters are lost`)
      await this.#cut()
      return false
    }
  }

  /** Removes the part of a line from an output that has no room for the rest, so that it has only whole lines. */
  async #cut(): Promise<void> {
    if (this.#isBetweenLines) return
    const start = this.#bytes.lastIndexOf(lineFeed, this.#done - 1) + 1
    const isTakenBack = await this.#output.takeBack(this.#done - start).catch(() => false)
    if (isTakenBack || this.#next) this.#done = start
  }

  #trouble(reason: string): void {
    if (this.#isInTrouble) return
    this.#isInTrouble = true
    this.#tell(`the access log cannot be written: ${reason}`)
  }
}

const lineFeed = 10

function linesIn(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + Number(byte === lineFeed), 0)
}
