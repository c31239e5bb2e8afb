import type { Millis } from '../core/clock.ts'
import { type Rule, ruleBits, ruleSets, rules } from '../core/limit.ts'
import type { AttemptRecorder, Verdict } from '../scenario/world.ts'

/**
 * How a call ended. `ok`, `throttled` and `failed` are the kinds of reply that the strategy returned. `expired`: the caller's
 * patience ended first. `unfinished`: the run ended while the call was pending. `dropped`: the run ended before the call's
 * arrival. Every call of the workload has exactly one outcome.
 */
export type Outcome = 'ok' | 'throttled' | 'failed' | 'expired' | 'unfinished' | 'dropped'

export const outcomes: readonly Outcome[] = ['ok', 'throttled', 'failed', 'expired', 'unfinished', 'dropped']

/** The verdicts, each at the index that stands for it in a column. `pending` means that there is no decision yet. */
const verdicts: readonly (Verdict | 'pending')[] = ['pending', 'admitted', 'refused', ...rules]
const codeOf = Object.fromEntries(verdicts.map((verdict, code) => [verdict, code])) as Record<Verdict, number>

const chunkBits = 13
const chunkRows = 1 << chunkBits
const rowInChunk = chunkRows - 1

/** Some rows of the table of attempts, in columns of 30 bytes a row. A trace grows by a chunk at a time, so rows are never copied. */
class Chunk {
  readonly call = new Uint32Array(chunkRows)
  readonly sent = new Float64Array(chunkRows)
  readonly decided = new Float64Array(chunkRows)
  readonly money = new Float64Array(chunkRows)
  readonly verdict = new Uint8Array(chunkRows)
  readonly deniedBy = new Uint16Array(chunkRows)
}

/**
 * The record of one run, taken beneath the strategy. Calls and attempts are numbered from 0. Instants are in milliseconds from
 * the run's start, money in the profile's currency.
 */
export class Trace implements AttemptRecorder {
  /** The number of calls in the workload. */
  readonly calls: number
  /** The instant at which each call was settled; NaN until then, and for a dropped call. */
  readonly settled: Float64Array
  readonly #outcome: Uint8Array
  /** The number of attempts of each call. */
  readonly attemptsOf: Uint32Array
  /** 1 for a call that another model answered than the one it asked for. */
  readonly #byOtherModel: Uint8Array
  /** The attempt that answered each call; -1 when there is none. */
  readonly #answeredBy: Float64Array
  readonly #chunks: Chunk[] = []
  #attempts = 0

  constructor(calls: number) {
    this.calls = calls
    this.settled = new Float64Array(calls).fill(Number.NaN)
    this.#outcome = new Uint8Array(calls).fill(outcomes.indexOf('dropped'))
    this.attemptsOf = new Uint32Array(calls)
    this.#byOtherModel = new Uint8Array(calls)
    this.#answeredBy = new Float64Array(calls).fill(-1)
  }

  /** The number of attempts so far. */
  get attempts(): number {
    return this.#attempts
  }

  /** Adds an attempt that is now sent, and returns its number. */
  sent(call: number, at: Millis): number {
    const row = this.#attempts++
    if ((row & rowInChunk) === 0) this.#chunks.push(new Chunk())
    const chunk = this.#chunks[this.#chunks.length - 1]!
    chunk.call[row & rowInChunk] = call
    chunk.sent[row & rowInChunk] = at
    this.attemptsOf[call]!++
    return row
  }

  decided(attempt: number, at: Millis, verdict: Verdict, deniedBy: readonly Rule[]): void {
    const chunk = this.#chunk(attempt)
    chunk.deniedBy[attempt & rowInChunk] = ruleBits(deniedBy)
    chunk.decided[attempt & rowInChunk] = at
    chunk.verdict[attempt & rowInChunk] = codeOf[verdict]
  }

  billed(attempt: number, money: number): void {
    this.#chunk(attempt).money[attempt & rowInChunk] = money
  }

  /** Only the first answer counts, because the caller takes that one. */
  answered(attempt: number): void {
    const call = this.callOf(attempt)
    if (this.#answeredBy[call]! < 0) this.#answeredBy[call] = attempt
  }

  settle(call: number, at: Millis, outcome: Outcome, byOtherModel = false): void {
    this.settled[call] = at
    this.#outcome[call] = outcomes.indexOf(outcome)
    this.#byOtherModel[call] = byOtherModel ? 1 : 0
  }

  /** The outcome of a call; `dropped` until it is settled. */
  outcomeOf(call: number): Outcome {
    return outcomes[this.#outcome[call]!]!
  }

  isSettled(call: number): boolean {
    return !Number.isNaN(this.settled[call]!)
  }

  /** Whether a model other than the target's answered the call. */
  answeredByOtherModel(call: number): boolean {
    return this.#byOtherModel[call] === 1
  }

  /** The attempt that answered the call; -1 when there is none. */
  answeredBy(call: number): number {
    return this.#answeredBy[call]!
  }

  /**
   * The instant at which the attempt that answered was admitted. A call that no attempt answered has the instant at which it was
   * settled.
   */
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

  /** The instant of the decision; 0 while the verdict is `pending`. */
  decidedAt(attempt: number): Millis {
    return this.#chunk(attempt).decided[attempt & rowInChunk]!
  }

  /** The price of an attempt; 0 when nothing was billed. */
  moneyOf(attempt: number): number {
    return this.#chunk(attempt).money[attempt & rowInChunk]!
  }

  verdictOf(attempt: number): Verdict | 'pending' {
    return verdicts[this.#chunk(attempt).verdict[attempt & rowInChunk]!]!
  }

  /** Every rule that denied the attempt at the instant of the decision, also those that its reply does not tell of. */
  deniedBy(attempt: number): readonly Rule[] {
    return ruleSets[this.#chunk(attempt).deniedBy[attempt & rowInChunk]!]!
  }

  #chunk(attempt: number): Chunk {
    return this.#chunks[attempt >>> chunkBits]!
  }
}

/** Whether the same attempts were sent at the same instants, and every call was settled in the same way at the same instant. */
export function isSameTrace(a: Trace, b: Trace): boolean {
  if (a.calls !== b.calls || a.attempts !== b.attempts) return false
  for (let call = 0; call < a.calls; call++)
    if (!Object.is(a.settled[call], b.settled[call]) || a.outcomeOf(call) !== b.outcomeOf(call)) return false
  for (let row = 0; row < a.attempts; row++)
    if (a.callOf(row) !== b.callOf(row) || a.sentAt(row) !== b.sentAt(row) || a.moneyOf(row) !== b.moneyOf(row))
      return false
  return true
}
