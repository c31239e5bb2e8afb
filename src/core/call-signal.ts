import type { AbortListener, Signal } from './clock.ts'

/**
 * The part of an `AbortSignal` that a wait needs. Every call of the harness has one, and a line that waits for its first call. A real
 * `AbortSignal` costs a hundred times as much, and k6 has none.
 */
export class CallSignal implements Signal {
  aborted = false
  reason: unknown
  /** Most signals have one listener at most, so it is kept without a set. */
  #only: AbortListener | undefined
  /** All listeners, in their order, of a signal that has had several. All workers of a closed loop may wait with one signal. */
  #all: Set<AbortListener> | undefined

  addEventListener(_type: 'abort', listener: AbortListener): void {
    if (this.#all) this.#all.add(listener)
    else if (!this.#only) this.#only = listener
    else {
      this.#all = new Set([this.#only, listener])
      this.#only = undefined
    }
  }

  removeEventListener(_type: 'abort', listener: AbortListener): void {
    if (this.#all) this.#all.delete(listener)
    else if (this.#only === listener) this.#only = undefined
  }

  abort(reason: unknown): void {
    this.aborted = true
    this.reason = reason
    const listeners = this.#all ?? [this.#only]
    this.#only = undefined
    this.#all = undefined
    for (const listener of [...listeners]) typeof listener === 'function' ? listener() : listener?.handleEvent()
  }
}
