/**
 * The body of a request as it arrives. Its pieces are put into one buffer that doubles when it is full: kept one by one, millions of pieces of a
 * byte each would need hundreds of times their length.
 */
export class ArrivingBody {
  /** The number of bytes that have arrived. */
  size = 0
  readonly #longest: number
  #buffer: Buffer = none

  /** `longest`: the number of bytes that the request declares. `Infinity`: it declares none. */
  constructor(longest: number) {
    this.#longest = longest
  }

  /** The number of bytes that are kept in memory. */
  get held(): number {
    return this.#buffer.length
  }

  add(piece: Buffer): void {
    const from = this.size
    this.size += piece.length
    // Most bodies are one piece, which need not be copied.
    if (from === 0) {
      this.#buffer = piece
      return
    }
    if (this.size > this.#buffer.length) {
      const wider = Buffer.allocUnsafeSlow(Math.max(this.size, Math.min(2 * this.#buffer.length, this.#longest)))
      this.#buffer.copy(wider, 0, 0, from)
      this.#buffer = wider
    }
    piece.copy(this.#buffer, from)
  }

  /** Returns what has arrived, and keeps nothing. */
  take(): Buffer {
    const bytes = this.#buffer.subarray(0, this.size)
    this.drop()
    return bytes
  }

  /** Keeps nothing of what has arrived. */
  drop(): void {
    this.#buffer = none
  }
}

const none = Buffer.alloc(0)
