/** A duration or an instant in milliseconds. Whole in simulation (ADR 0007); instants count from the clock's own origin. */
export type Millis = number

/** What a wait needs of an `AbortSignal`. Every real `AbortSignal` is one; the harness makes lighter ones, and k6 has none. */
export interface Signal {
  readonly aborted: boolean
  /** What a wait that this signal ends rejects with. */
  readonly reason: unknown
  addEventListener(type: 'abort', listener: AbortListener): void
  removeEventListener(type: 'abort', listener: AbortListener): void
}

/** A function, or an object as the DOM allows it: a waiting thing can listen by itself, without a closure. */
export type AbortListener = (() => void) | { handleEvent(): void }

/** Time, injected: the whole of what a strategy may know of it. */
export interface Clock {
  now(): Millis
  /**
   * Resolves `ms` later (a negative or zero wait: at this instant, after whatever is already due).
   * Rejects with `signal.reason` as soon as the signal aborts, and at once when it already has; the timer is freed.
   */
  sleep(ms: Millis, signal?: Signal): Promise<void>
}
