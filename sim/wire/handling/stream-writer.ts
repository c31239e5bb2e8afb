import type { Millis } from '../../../src/core/clock.ts'
import type { Service } from '../../provider/latency.ts'
import { readyAt, readyBy } from '../../provider/speed.ts'
import type { Timeline, TimerTask } from '../../time/virtual-clock.ts'
import type { Sink } from '../exchange.ts'
import type { ModelOutput } from '../model/output.ts'
import type { Frames } from '../protocols/protocol.ts'

/** What a stream writes, and when. */
export interface StreamPlan {
  readonly timeline: Timeline
  readonly output: ModelOutput
  readonly frames: Frames
  /** When the first token is ready, and when the last. */
  readonly service: Service
  /** The number of output tokens in the whole answer. */
  readonly tokens: number
  /** The number of tokens in a frame. The first frame has one token. */
  readonly frameTokens: number
  /** Stop after this many tokens. Default: all. */
  readonly until?: number
}

/**
 * Writes an answer as its tokens become ready, and is its own timer. What is ready before `start` is called is written then. Until then only the first
 * frame is a text, so that a defect that it shows can still be an error of its own, and no more: many answers can be due in one turn of the
 * event loop. Frames that become ready at one instant are written together.
 */
export class StreamWriter implements TimerTask {
  /** Whether nothing more becomes ready. */
  isOver = false
  readonly #plan: StreamPlan
  readonly #startedAt: Millis
  /** How many tokens have been written. */
  #written = 0
  /** The first frame, if it was ready before there was a sink. */
  #first = ''
  #sink: Sink | undefined
  /** What has to be done with the sink as soon as there is one. */
  #due: ((sink: Sink) => void) | undefined

  constructor(plan: StreamPlan) {
    this.#plan = plan
    this.#startedAt = plan.timeline.now()
  }

  /** Writes to this sink from now on, beginning with what is ready. */
  start(sink: Sink): void {
    this.#sink = sink
    write(sink, this.#first)
    this.#first = ''
    if (this.#due) this.#due(sink)
    else if (this.isOver) sink.end()
  }

  /** Writes what is ready, and sets the timer for the next frame. */
  run(): void {
    if (this.isOver) return
    const { tokens, until = tokens } = this.#plan
    this.#withSink(Math.min(until, this.#ready), (sink) => this.#writeReady(sink))
  }

  /** Writes the rest up to `tokens`, then what `last` makes of the frames, and ends the stream. */
  finish(tokens: number, last: (frames: Frames) => string): void {
    this.#close(tokens, (sink) => {
      this.#writeUpTo(sink, tokens, true)
      write(sink, last(this.#plan.frames))
      sink.end()
    })
  }

  /** Writes the rest up to `tokens`, and breaks the connection. */
  breakOff(tokens: number): void {
    this.#close(tokens, (sink) => {
      this.#writeUpTo(sink, tokens, true)
      sink.break()
    })
  }

  /** Writes nothing more from now on. A sink that starts later ends at once. */
  stop(): void {
    if (!this.isOver) this.#due = undefined
    this.isOver = true
  }

  #close(upTo: number, ending: (sink: Sink) => void): void {
    if (this.isOver) return
    this.stop()
    this.#withSink(upTo, ending)
  }

  /** Does something with the sink as soon as there is one. `upTo`: how many tokens it may write. */
  #withSink(upTo: number, action: (sink: Sink) => void): void {
    if (this.#sink) return action(this.#sink)
    this.#due = action
    if (this.#written > 0 || upTo === 0) return
    this.#first = this.#frameUpTo(this.#afterNextFrame())
  }

  /** How many tokens are ready. */
  get #ready(): number {
    const { timeline, service, tokens } = this.#plan
    return readyBy(timeline.now() - this.#startedAt, service, tokens)
  }

  #writeReady(sink: Sink): void {
    const { timeline, service, tokens, until = tokens } = this.#plan
    const elapsed = timeline.now() - this.#startedAt
    this.#writeUpTo(sink, Math.min(until, this.#ready))
    if (this.#written >= until) return
    timeline.after(readyAt(this.#afterNextFrame(), service, tokens) - elapsed, this)
  }

  /** How many tokens will have been written after the next frame. */
  #afterNextFrame(): number {
    const { frameTokens, tokens, until = tokens } = this.#plan
    return this.#written === 0 ? 1 : Math.min(this.#written + frameTokens, until)
  }

  /** Writes tokens in whole frames. `isLast`: nothing more comes, so that the last frame may be shorter. */
  #writeUpTo(sink: Sink, upTo: number, isLast = false): void {
    let text = ''
    while (this.#written < upTo) {
      const next = isLast ? Math.min(this.#afterNextFrame(), upTo) : this.#afterNextFrame()
      if (next > upTo) break
      text += this.#frameUpTo(next)
    }
    write(sink, text)
  }

  #frameUpTo(next: number): string {
    const { output, frames } = this.#plan
    const opening = this.#written === 0 ? frames.opening() : ''
    const text = opening + frames.delta(output.delta(this.#written, next))
    this.#written = next
    return text
  }
}

function write(sink: Sink, text: string): void {
  if (text !== '') sink.write(text)
}
