import type { AbortListener, Signal } from './clock.ts'

/**
 * The part of an `AbortSignal` that a wait needs. Every call of the harness has one, and a line that waits for its first call. A real
 * `AbortSignal` costs a hundred times as much, and k6 has none.
 */
export class CallSignal implements Signal {
  aborted = false
  reason: unknown
  /** Most signals have one listener at most, so the first one is kept without a list. */
  #listener: AbortListener | undefined
  #more: AbortListener[] | undefined

  addEventListener(_type: 'abort', listener: AbortListener): void {
    if (!this.#listener) this.#listener = listener
    else if (this.#more) this.#more.push(listener)
    else this.#more = [listener]
  }

  removeEventListener(_type: 'abort', listener: AbortListener): void {
    if (this.#listener === listener) this.#listener = this.#more?.shift()
    else if (this.#more?.at(-1) === listener) this.#more.pop()
    else if (this.#more) this.#more = this.#more.filter((each) => each !== listener)
  }

  abort(reason: unknown): void {
    this.aborted = true
    this.reason = reason
    const listeners = [this.#listener, ...(this.#more ?? [])]
    this.#listener = undefined
    this.#more = undefined
    for (const listener of listeners) typeof listener === 'function' ? listener() : listener?.handleEvent()
  }
}
