import { InputError } from '../../src/checks/input-error.ts'
import type { Millis } from '../../src/core/clock.ts'
import type { Timeline } from './virtual-clock.ts'

type Callback = (...args: unknown[]) => void

let isBorrowed = false

/**
 * Replaces the time of the platform by simulated time, for libraries that use the former, as SDKs do between retries. `setTimeout`, `setInterval`,
 * the functions that clear them, `Date` and `performance.now` follow the timeline until the returned function is called, which also clears the
 * timers that are left. Nothing else follows it: neither `node:timers` nor sockets, for which time would pass too fast. Throws when the time is
 * already borrowed.
 */
export function borrowTime(timeline: Timeline): () => void {
  if (isBorrowed)
    throw new InputError('Expected nobody else to have borrowed the ambient time: release it first', 'TIME_BORROWED')
  isBorrowed = true
  const { setTimeout, setInterval, clearTimeout, clearInterval, Date: RealDate } = globalThis
  const { now } = performance
  const ahead = performance.now() - timeline.now()
  const timers = new Set<BorrowedTimer>()

  const setter =
    (repeats: boolean) =>
    (callback: Callback, delay?: Millis, ...args: unknown[]) =>
      new BorrowedTimer({ timeline, timers, delay, repeats, ring: () => callback(...args) })
  const clear = (timer: unknown) => {
    if (timer instanceof BorrowedTimer) timer.close()
    // This timer was set before the time was borrowed.
    else clearTimeout(timer as Parameters<typeof clearTimeout>[0])
  }
  Object.assign(globalThis, {
    setTimeout: setter(false),
    setInterval: setter(true),
    clearTimeout: clear,
    clearInterval: clear,
    Date: dateOf(timeline, RealDate),
  })
  performance.now = () => timeline.now() + ahead

  let isReleased = false
  return () => {
    if (isReleased) return
    isReleased = true
    isBorrowed = false
    for (const timer of timers) timer.close()
    Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval, Date: RealDate })
    performance.now = now
  }
}

/** The platform's `Date`, with the present of the timeline. */
function dateOf(timeline: Timeline, real: DateConstructor): DateConstructor {
  return new Proxy(real, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [timeline.now()] : args, newTarget),
    apply: (target) => String(new target(timeline.now())),
    get: (target, name) => (name === 'now' ? timeline.now : Reflect.get(target, name)),
  })
}

/** The longest wait of a timer of the platform. The platform replaces a longer wait, and one that is not a number, by 1 ms. */
const longestTimer: Millis = 2 ** 31 - 1

/** What a timer does, and when. */
interface Ringing {
  readonly timeline: Timeline
  /** All timers that are set. */
  readonly timers: Set<BorrowedTimer>
  /** Default: 1. */
  readonly delay: Millis | undefined
  /** True for `setInterval`. */
  readonly repeats: boolean
  ring(): void
}

/** The object that Node's `setTimeout` returns, as far as libraries use it. */
class BorrowedTimer {
  readonly #ringing: Ringing
  #cancelled = new AbortController()

  constructor(ringing: Ringing) {
    this.#ringing = ringing
    this.refresh()
  }

  refresh(): this {
    this.close()
    const { timeline, timers, delay = 1, repeats, ring } = this.#ringing
    const ms = delay >= 1 && delay <= longestTimer ? Math.ceil(delay) : 1
    timers.add(this)
    this.#cancelled = new AbortController()
    const rings = () => {
      if (repeats) this.refresh()
      else timers.delete(this)
      ring()
    }
    timeline.sleep(ms, this.#cancelled.signal).then(rings, () => {})
    return this
  }

  close(): void {
    this.#ringing.timers.delete(this)
    this.#cancelled.abort()
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
