import { CallSignal } from '../../src/core/call-signal.ts'
import type { Clock, Millis } from '../../src/core/clock.ts'

type Callback = (...args: unknown[]) => void

/** The platform's ways to read the time and to wait, as they are in simulated time. */
export interface LentTime {
  /** The instant, since the Unix epoch, at which the clock shows 0. */
  readonly origin: Millis
  now(): Millis
  setTimeout(callback: Callback, delay?: Millis, ...args: unknown[]): LentTimer
  setInterval(callback: Callback, delay?: Millis, ...args: unknown[]): LentTimer
  setImmediate(callback: Callback, ...args: unknown[]): LentTimer
  /** Clears all timers that are set. */
  close(): void
}

/** Lends the time of a clock. `origin`: see `LentTime`. Default: 0. */
export function lentTime(clock: Clock, origin: Millis = 0): LentTime {
  const timers = new Set<LentTimer>()
  const timer = (wait: Millis, repeats: boolean, ring: () => void) =>
    new LentTimer({ clock, timers, wait, repeats, ring })
  return {
    origin,
    now: () => origin + clock.now(),
    setTimeout: (callback, delay, ...args) => timer(waitOf(delay), false, () => callback(...args)),
    setInterval: (callback, delay, ...args) => timer(waitOf(delay), true, () => callback(...args)),
    setImmediate: (callback, ...args) => timer(0, false, () => callback(...args)),
    close: () => {
      for (const each of timers) each.close()
    },
  }
}

/** The platform's `Date`, with another present. */
export function dateOf(real: DateConstructor, now: () => Millis): DateConstructor {
  return new Proxy(real, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: (target) => String(new target(now())),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  })
}

/** The longest wait of a timer of the platform. The platform replaces a longer wait, and one that is not a number, by 1 ms. */
const longestTimer: Millis = 2 ** 31 - 1

function waitOf(delay: Millis = 1): Millis {
  return delay >= 1 && delay <= longestTimer ? Math.ceil(delay) : 1
}

/** What a timer does, and when. */
interface Ringing {
  readonly clock: Clock
  /** All timers that are set. */
  readonly timers: Set<LentTimer>
  readonly wait: Millis
  /** True for `setInterval`. */
  readonly repeats: boolean
  ring(): void
}

/** The object that Node's `setTimeout` returns, as far as libraries use it. */
export class LentTimer {
  readonly #ringing: Ringing
  #cancelled = new CallSignal()

  constructor(ringing: Ringing) {
    this.#ringing = ringing
    this.#set()
  }

  #set(): void {
    const { clock, timers, wait, repeats, ring } = this.#ringing
    timers.add(this)
    const rings = () => {
      if (repeats) this.#set()
      else timers.delete(this)
      ring()
    }
    clock.sleep(wait, this.#cancelled).then(rings, () => {})
  }

  refresh(): this {
    this.close()
    this.#cancelled = new CallSignal()
    this.#set()
    return this
  }

  close(): void {
    this.#ringing.timers.delete(this)
    this.#cancelled.abort('the timer is cleared')
  }

  [Symbol.dispose](): void {
    this.close()
  }

  // A timer in simulated time does not keep the process alive, so that these have nothing to do.
  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return false
  }
}
