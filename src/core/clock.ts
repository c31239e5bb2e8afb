/** A duration or an instant, in milliseconds. In simulation it is whole (ADR 0007). An instant counts from the origin of its clock. */
export type Millis = number

/**
 * The part of an `AbortSignal` that a wait needs. Every real `AbortSignal` is a `Signal`; the harness makes lighter ones, and so
 * do k6's scripts, since k6 has no `AbortSignal`.
 */
export interface Signal {
  readonly aborted: boolean
  /** The value with which a wait rejects when this signal ends it. */
  readonly reason: unknown
  addEventListener(type: 'abort', listener: AbortListener): void
  removeEventListener(type: 'abort', listener: AbortListener): void
}

/** The signal of a call for which somebody always waits. */
export const neverAborts: Signal = {
  aborted: false,
  reason: undefined,
  addEventListener() {},
  removeEventListener() {},
}

/** A function, or an object with a method `handleEvent`, as the DOM allows: an object that waits can listen without a closure. */
export type AbortListener = (() => void) | { handleEvent(): void }

/** Time, given as an argument: all that a strategy may know of it. `clockContract` of `ratelab/contracts` tests a clock of your own. */
export interface Clock {
  /** The present instant. It never goes back. */
  now(): Millis
  /**
   * Resolves when `ms` milliseconds have passed, and never before. A wait of 0 or less ends at this instant, after whatever is already due.
   * Rejects with `signal.reason` as soon as the signal aborts, and at once if it already has; the timer is freed. Rejects with an
   * `OptionError` for a wait that is no number, or, in virtual time, not whole.
   */
  sleep(ms: Millis, signal?: Signal): Promise<void>
}
