import type { Workload } from '../workload.ts'
import type { RecordedRow } from './row.ts'
import { ticksPerMilli } from './ticks.ts'

/** Collects rows in columns that double their length when they are full. Rows beyond `most` are counted, and not kept. */
export class RecordedRows {
  length = 0
  readonly #most: number
  #inOrder = true
  #ticks = new Float64Array(1024)
  #promptTokens = new Uint32Array(1024)
  #outputTokens = new Uint32Array(1024)

  constructor(most: number) {
    this.#most = most
  }

  push({ ticks, promptTokens, outputTokens }: RecordedRow): void {
    const at = this.length++
    if (at >= this.#most) return
    if (at === this.#ticks.length) this.#grow()
    this.#ticks[at] = ticks
    this.#promptTokens[at] = promptTokens
    this.#outputTokens[at] = outputTokens
    if (at > 0 && ticks < this.#ticks[at - 1]!) this.#inOrder = false
  }

  /** Returns the rows in the order of time. The earliest arrives at 0. The columns are in shared memory, so that all workers read the same. */
  workload(): Workload {
    const { length } = this
    const ticks = this.#ticks
    const order = this.#inOrder ? undefined : ascending(ticks, length)
    const first = length === 0 ? 0 : ticks[order ? order[0]! : 0]!
    const arrival = new Float64Array(new SharedArrayBuffer(8 * length))
    const promptTokens = new Uint32Array(new SharedArrayBuffer(4 * length))
    const outputTokens = new Uint32Array(new SharedArrayBuffer(4 * length))
    for (let call = 0; call < length; call++) {
      const row = order ? order[call]! : call
      arrival[call] = Math.floor((ticks[row]! - first) / ticksPerMilli)
      promptTokens[call] = this.#promptTokens[row]!
      outputTokens[call] = this.#outputTokens[row]!
    }
    return { arrival, promptTokens, outputTokens }
  }

  #grow(): void {
    const length = 2 * this.#ticks.length
    const wider = [new Float64Array(length), new Uint32Array(length), new Uint32Array(length)] as const
    wider[0].set(this.#ticks)
    wider[1].set(this.#promptTokens)
    wider[2].set(this.#outputTokens)
    ;[this.#ticks, this.#promptTokens, this.#outputTokens] = wider
  }
}

/** Returns the rows in the order of time. Rows of one instant keep their order. */
function ascending(ticks: Float64Array, length: number): Uint32Array {
  const order = new Uint32Array(length)
  for (let row = 0; row < length; row++) order[row] = row
  return order.sort((a, b) => ticks[a]! - ticks[b]! || a - b)
}
