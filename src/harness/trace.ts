import type { Millis } from '../core/clock.ts'
import { rules } from '../core/limit.ts'
import type { AttemptRecorder, Verdict } from '../scenario/world.ts'

/**
 * How a call ended. `throttled`, `failed`: what the strategy handed back. `expired`: patience ran out. `unfinished`: the run ended
 * while it was pending. `dropped`: the run ended before its arrival. Every call of the workload has exactly one.
 */
export type Outcome = 'ok' | 'throttled' | 'failed' | 'expired' | 'unfinished' | 'dropped'

export const outcomes: readonly Outcome[] = ['ok', 'throttled', 'failed', 'expired', 'unfinished', 'dropped']

/** The verdicts by their code in a column; one that has not come yet is `pending`. */
const verdicts: readonly (Verdict | 'pending')[] = ['pending', 'admitted', 'refused', ...rules]
const codeOf = Object.fromEntries(verdicts.map((verdict, code) => [verdict, code])) as Record<Verdict, number>

const chunkBits = 13
const chunkRows = 1 << chunkBits
const rowInChunk = chunkRows - 1

/** Attempts in columns of 29 bytes a row, in chunks: growing never copies. */
class Chunk {
  readonly call = new Uint32Array(chunkRows)
  readonly sent = new Float64Array(chunkRows)
  readonly decided = new Float64Array(chunkRows)
  readonly money = new Float64Array(chunkRows)
  readonly verdict = new Uint8Array(chunkRows)
}

/** What happened in one run, recorded beneath the strategy. Instants count from the run's start. */
export class Trace implements AttemptRecorder {
  readonly calls: number
  /** When the call settled; NaN while it has not, and for good when it is dropped. */
  readonly settled: Float64Array
  readonly #outcome: Uint8Array
  readonly attemptsOf: Uint32Array
  /** Whether another model than the one asked for answered. */
  readonly #elsewhere: Uint8Array
  /** The attempt that answered the call; -1 for none. */
  readonly #answeredBy: Float64Array
  readonly #chunks: Chunk[] = []
  #attempts = 0

  constructor(calls: number) {
    this.calls = calls
    this.settled = new Float64Array(calls).fill(Number.NaN)
    this.#outcome = new Uint8Array(calls).fill(outcomes.indexOf('dropped'))
    this.attemptsOf = new Uint32Array(calls)
    this.#elsewhere = new Uint8Array(calls)
    this.#answeredBy = new Float64Array(calls).fill(-1)
  }

  get attempts(): number {
    return this.#attempts
  }

  /** A new attempt leaves; returns its number. */
  sent(call: number, at: Millis): number {
    const row = this.#attempts++
    if ((row & rowInChunk) === 0) this.#chunks.push(new Chunk())
    const chunk = this.#chunks[this.#chunks.length - 1]!
    chunk.call[row & rowInChunk] = call
    chunk.sent[row & rowInChunk] = at
    this.attemptsOf[call]!++
    return row
  }

  decided(attempt: number, at: Millis, verdict: Verdict): void {
    const chunk = this.#chunk(attempt)
    chunk.decided[attempt & rowInChunk] = at
    chunk.verdict[attempt & rowInChunk] = codeOf[verdict]
  }

  billed(attempt: number, money: number): void {
    this.#chunk(attempt).money[attempt & rowInChunk] = money
  }

  /** The first answer is the one that the caller has; a hedge's second comes too late. */
  answered(attempt: number): void {
    const call = this.callOf(attempt)
    if (this.#answeredBy[call]! < 0) this.#answeredBy[call] = attempt
  }

  settle(call: number, at: Millis, outcome: Outcome, elsewhere = false): void {
    this.settled[call] = at
    this.#outcome[call] = outcomes.indexOf(outcome)
    this.#elsewhere[call] = elsewhere ? 1 : 0
  }

  outcomeOf(call: number): Outcome {
    return outcomes[this.#outcome[call]!]!
  }

  isSettled(call: number): boolean {
    return !Number.isNaN(this.settled[call]!)
  }

  answeredElsewhere(call: number): boolean {
    return this.#elsewhere[call] === 1
  }

  answeredBy(call: number): number {
    return this.#answeredBy[call]!
  }

  /** When an answered call was admitted; a strategy may answer by itself, without an attempt: then, when it settled. */
  admittedAt(call: number): Millis {
    const attempt = this.answeredBy(call)
    return attempt < 0 ? this.settled[call]! : this.decidedAt(attempt)
  }

  callOf(attempt: number): number {
    return this.#chunk(attempt).call[attempt & rowInChunk]!
  }

  sentAt(attempt: number): Millis {
    return this.#chunk(attempt).sent[attempt & rowInChunk]!
  }

  /** When the provider decided; meaningless while the verdict is pending. */
  decidedAt(attempt: number): Millis {
    return this.#chunk(attempt).decided[attempt & rowInChunk]!
  }

  moneyOf(attempt: number): number {
    return this.#chunk(attempt).money[attempt & rowInChunk]!
  }

  verdictOf(attempt: number): Verdict | 'pending' {
    return verdicts[this.#chunk(attempt).verdict[attempt & rowInChunk]!]!
  }

  #chunk(attempt: number): Chunk {
    return this.#chunks[attempt >>> chunkBits]!
  }
}
