import type { Millis } from '../../../src/core/clock.ts'
import type { Service } from '../../provider/latency.ts'
import type { Timeline, TimerTask } from '../../time/virtual-clock.ts'
import type { Sink } from '../exchange.ts'
import type { ModelOutput } from '../model/output.ts'
import { readyAt, readyBy } from '../model/speed.ts'
import type { Frames } from '../protocols/protocol.ts'

export interface StreamPlan {
  readonly timeline: Timeline
  readonly output: ModelOutput
  readonly frames: Frames
  readonly service: Service
  /** Output tokens of the whole answer. */
  readonly tokens: number
  /** Tokens a frame. */
  readonly frameTokens: number
  /** It says no more than so many of the tokens. Absent: all. */
  readonly until?: number
}

/**
 * Writes an answer as its tokens become ready: its own timer. What is ready before anybody listens is kept; frames of one
 * instant go out in one write.
 */
export class StreamWriter implements TimerTask {
  /** Whether nothing more will be said. */
  isOver = false
  readonly #plan: StreamPlan
  readonly #startedAt: Millis
  #written = 0
  #kept = ''
  #sink: Sink | undefined
  #isBroken = false

  constructor(plan: StreamPlan) {
    this.#plan = plan
    this.#startedAt = plan.timeline.now()
  }

  /** Someone listens from now on. */
  start(sink: Sink): void {
    this.#sink = sink
    if (this.#kept !== '') sink.write(this.#kept)
    this.#kept = ''
    if (this.#isBroken) sink.break()
    else if (this.isOver) sink.end()
  }

  /** Says what is ready, and comes back when the next frame is. */
  run(): void {
    if (this.isOver) return
    const { timeline, service, tokens, until = tokens } = this.#plan
    const elapsed = timeline.now() - this.#startedAt
    this.#writeUpTo(Math.min(until, readyBy(elapsed, service, tokens)))
    if (this.#written >= until) return
    timeline.after(readyAt(this.#next(), service, tokens) - elapsed, this)
  }

  /** Says the rest up to `tokens`, then what `last` makes of the frames that have spoken so far, and ends. */
  finish(tokens: number, last: (frames: Frames) => string): void {
    if (this.isOver) return
    this.#writeUpTo(tokens, true)
    this.#write(last(this.#plan.frames))
    this.stop()
    this.#sink?.end()
  }

  /** Says the rest up to `tokens`; then the connection breaks. */
  breakOff(tokens: number): void {
    if (this.isOver) return
    this.#writeUpTo(tokens, true)
    this.stop()
    this.#isBroken = true
    this.#sink?.break()
  }

  /** Nothing more is said. */
  stop(): void {
    this.isOver = true
  }

  /** How many tokens the next piece brings to: pieces have `frameTokens` each, the first one, and the last what is left. */
  #next(): number {
    const { frameTokens, tokens, until = tokens } = this.#plan
    return this.#written === 0 ? 1 : Math.min(this.#written + frameTokens, until)
  }

  /** What is ready, in whole pieces, unless nothing more will be. */
  #writeUpTo(upTo: number, isLast = false): void {
    const { output, frames } = this.#plan
    let text = ''
    while (this.#written < upTo) {
      const next = isLast ? Math.min(this.#next(), upTo) : this.#next()
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
