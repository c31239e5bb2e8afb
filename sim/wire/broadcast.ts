import type { Millis } from '../../src/core/clock.ts'
import type { Service } from '../latency.ts'
import type { Task, Timeline } from '../virtual-clock.ts'
import type { Sink } from './exchange.ts'
import type { Speech } from './model.ts'
import type { Frames } from './protocol.ts'
import { readyAt, readyBy } from './speed.ts'

export interface Programme {
  readonly timeline: Timeline
  readonly speech: Speech
  readonly frames: Frames
  readonly service: Service
  /** Output tokens of the whole answer. */
  readonly tokens: number
  /** Tokens a frame. */
  readonly frameTokens: number
}

/**
 * Writes an answer as its tokens become ready: its own timer. What is ready before anybody listens is kept; frames of one
 * instant go out in one write.
 */
export class Broadcast implements Task {
  readonly #programme: Programme
  readonly #startedAt: Millis
  #said = 0
  #kept = ''
  #sink: Sink | undefined
  #isOver = false

  constructor(programme: Programme) {
    this.#programme = programme
    this.#startedAt = programme.timeline.now()
  }

  /** Someone listens from now on. */
  start(sink: Sink): void {
    this.#sink = sink
    if (this.#kept !== '') sink.write(this.#kept)
    this.#kept = ''
    if (this.#isOver) sink.end()
  }

  /** Says what is ready, and comes back when the next frame is. */
  run(): void {
    if (this.#isOver) return
    const { timeline, service, tokens, frameTokens } = this.#programme
    const elapsed = timeline.now() - this.#startedAt
    this.#say(readyBy(elapsed, service, tokens))
    if (this.#said >= tokens) return
    const next = Math.min(tokens, this.#said + frameTokens)
    timeline.after(Math.max(1, readyAt(next, service, tokens) - elapsed), this)
  }

  /** Says the rest up to `tokens`, then `last`, and ends. */
  finish(tokens: number, last: string): void {
    if (this.#isOver) return
    this.#say(tokens)
    this.#write(last)
    this.silence()
    this.#sink?.end()
  }

  /** Nothing more is said. */
  silence(): void {
    this.#isOver = true
  }

  /** Frames of `frameTokens` each, the first of one token. */
  #say(upTo: number): void {
    const { speech, frames, frameTokens, tokens } = this.#programme
    let text = ''
    while (this.#said < upTo) {
      const next = this.#said === 0 ? 1 : Math.min(this.#said + frameTokens, tokens)
      if (next > upTo) break
      if (this.#said === 0) text += frames.opening()
      text += frames.delta(speech.delta(this.#said, next))
      this.#said = next
    }
    this.#write(text)
  }

  #write(text: string): void {
    if (text === '') return
    if (this.#sink) this.#sink.write(text)
    else this.#kept += text
  }
}
