import { InputError } from '../../src/checks/input-error.ts'
import type { Millis } from '../../src/core/clock.ts'
import type { Timeline } from './virtual-clock.ts'

type Callback = (...args: unknown[]) => void

let isBorrowed = false

/**
 * Puts simulated time in the place of the platform's, for libraries that take it from there, as SDKs do between retries: `setTimeout`,
 * `setInterval` and what clears them, `Date` and `performance.now` follow the timeline until the returned function is called, which
 * also clears the timers that are left. Nothing else does: neither `node:timers` nor a socket, which would see time run away.
 * Throws when somebody else has borrowed it.
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
    // One that was set before the time was borrowed.
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

/** The platform's `Date`, but that the present is the timeline's. */
function dateOf(timeline: Timeline, real: DateConstructor): DateConstructor {
  return new Proxy(real, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [timeline.now()] : args, newTarget),
    apply: (target) => String(new target(timeline.now())),
    get: (target, name) => (name === 'now' ? timeline.now : Reflect.get(target, name)),
  })
}

/** The longest wait that a timer of the platform takes; it makes a longer one, like one that is no number, 1 ms. */
const longestTimer: Millis = 2 ** 31 - 1

interface Ringing {
  readonly timeline: Timeline
  /** Those that are set. */
  readonly timers: Set<BorrowedTimer>
  readonly delay: Millis | undefined
  readonly repeats: boolean
  ring(): void
}

/** What `setTimeout` gives in Node, as far as libraries use it. */
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

  // Simulated time keeps no process alive.
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
