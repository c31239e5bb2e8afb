/** One event of a stream. */
export interface Frame {
  readonly event: string
  /** Its lines of data, joined by line feeds. */
  readonly data: string
  /** The HTTP status that DashScope writes into a frame: `:HTTP_STATUS/429`, or `status:429`. */
  readonly status: number | undefined
}

/** The most characters of one frame that are kept. Of a longer one nothing is read. */
const longestFrame = 1024 * 1024

/** Finds the frames of a stream (server-sent events) that comes in pieces of any size. Its memory is bounded, whatever comes. */
export class FrameReader {
  readonly #decoder = new TextDecoder()
  /** The pieces of the line that has not ended yet, and its length. */
  #line: string[] = []
  #lineLength = 0
  /** Whether the last character was a carriage return: a line feed behind it ends no line of its own. */
  #isAfterReturn = false
  /** The frame that has not ended yet. */
  #data: string[] = []
  #event = ''
  #status: number | undefined
  #length = 0

  /** Returns the frames that the piece ends. */
  add(piece: Uint8Array): Frame[] {
    return this.#read(this.#decoder.decode(piece, { stream: true }))
  }

  /** Returns the frames that the end of the stream ends. The last one counts even without the empty line that should close it. */
  end(): Frame[] {
    return [...this.#read(this.#decoder.decode()), ...this.#read('\n\n')]
  }

  #read(text: string): Frame[] {
    const frames: Frame[] = []
    if (text === '') return frames
    let from = this.#isAfterReturn && text.startsWith('\n') ? 1 : 0
    this.#isAfterReturn = text.endsWith('\r')
    const lineEnd = /\r\n?|\n/g
    lineEnd.lastIndex = from
    for (let end = lineEnd.exec(text); end; end = lineEnd.exec(text)) {
      this.#hold(text.slice(from, end.index))
      from = lineEnd.lastIndex
      const frame = this.#endLine()
      if (frame) frames.push(frame)
    }
    this.#hold(text.slice(from))
    return frames
  }

  get #isTooLong(): boolean {
    return this.#length > longestFrame
  }

  #hold(text: string): void {
    this.#lineLength += text.length
    this.#length += text.length
    if (!this.#isTooLong) this.#line.push(text)
  }

  #endLine(): Frame | undefined {
    const isEmpty = this.#lineLength === 0
    const line = this.#line.join('')
    this.#line = []
    this.#lineLength = 0
    if (isEmpty) return this.#endFrame()
    if (!this.#isTooLong) this.#readLine(line)
    return undefined
  }

  #readLine(line: string): void {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!
    if (name === 'data') this.#data.push(value)
    else if (name === 'event') this.#event = value
    else {
      const [, status] = /^(?::HTTP_STATUS\/|status: ?)([1-5]\d\d)$/.exec(line) ?? []
      if (status !== undefined) this.#status = Number(status)
    }
  }

  #endFrame(): Frame | undefined {
    const hasData = this.#data.length > 0 && !this.#isTooLong
    const frame = { event: this.#event, data: this.#data.join('\n'), status: this.#status }
    this.#data = []
    this.#event = ''
    this.#status = undefined
    this.#length = 0
    return hasData ? frame : undefined
  }
}
