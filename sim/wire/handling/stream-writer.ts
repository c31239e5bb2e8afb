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
 * Writes an answer as its tokens become ready, and is its own timer. Frames that are ready before `start` is called are kept for it. Frames
 * that become ready at one instant are written together.
 */
export class StreamWriter implements TimerTask {
  /** Whether nothing more will be written. */
  isOver = false
  readonly #plan: StreamPlan
  readonly #startedAt: Millis
  /** How many tokens have been written. */
  #written = 0
  /** What has been written before there was a sink. */
  #kept = ''
  #sink: Sink | undefined
  #isBroken = false

  constructor(plan: StreamPlan) {
    this.#plan = plan
    this.#startedAt = plan.timeline.now()
  }

  /** Writes to this sink from now on, beginning with what was kept. */
  start(sink: Sink): void {
    this.#sink = sink
    if (this.#kept !== '') sink.write(this.#kept)
    this.#kept = ''
    if (this.#isBroken) sink.break()
    else if (this.isOver) sink.end()
  }

  /** Writes what is ready, and sets the timer for the next frame. */
  run(): void {
    if (this.isOver) return
    const { timeline, service, tokens, until = tokens } = this.#plan
    const elapsed = timeline.now() - this.#startedAt
    this.#writeUpTo(Math.min(until, readyBy(elapsed, service, tokens)))
    if (this.#written >= until) return
    timeline.after(readyAt(this.#afterNextFrame(), service, tokens) - elapsed, this)
  }

  /** Writes the rest up to `tokens`, then what `last` makes of the frames, and ends the stream. */
  finish(tokens: number, last: (frames: Frames) => string): void {
    if (this.isOver) return
    this.#writeUpTo(tokens, true)
    this.#write(last(this.#plan.frames))
    this.stop()
    this.#sink?.end()
  }

  /** Writes the rest up to `tokens`, and breaks the connection. */
  breakOff(tokens: number): void {
    if (this.isOver) return
    this.#writeUpTo(tokens, true)
    this.stop()
    this.#isBroken = true
    this.#sink?.break()
  }

  /** Writes nothing more from now on. */
  stop(): void {
    this.isOver = true
  }

  /** How many tokens will have been written after the next frame. */
  #afterNextFrame(): number {
    const { frameTokens, tokens, until = tokens } = this.#plan
    return this.#written === 0 ? 1 : Math.min(this.#written + frameTokens, until)
  }

  /** Writes tokens in whole frames. `isLast`: nothing more comes, so that the last frame may be shorter. */
  #writeUpTo(upTo: number, isLast = false): void {
    const { output, frames } = this.#plan
    let text = ''
    while (this.#written < upTo) {
      const next = isLast ? Math.min(this.#afterNextFrame(), upTo) : this.#afterNextFrame()
      if (next > upTo) break
      if (this.#written === 0) text += frames.opening()
      text += frames.delta(output.delta(this.#written, next))
      this.#written = next
    }
    this.#write(text)
  }

  #write(text: string): void {
    if (text === '') return
    if (this.#sink) this.#sink.write(text)
    else this.#kept += text
  }
}
