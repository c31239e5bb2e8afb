import { AsyncLocalStorage } from 'node:async_hooks'
import { dateOf, type LentTime, LentTimer } from '../../sim/time/lent-time.ts'
import type { Millis } from '../../src/core/clock.ts'
import type { Random } from '../../src/core/random.ts'

/** The time and the chance that a guest finds on the platform. */
export interface Stay {
  readonly time: LentTime
  readonly random: Random
}

/**
 * The stay of the guest whose code runs. It follows the code through promises and timers, so that guests of several runs do not meet, and whatever else
 * runs in this thread keeps the real time.
 */
const present = new AsyncLocalStorage<Stay>()

/** Calls `act` as a guest, and returns its result. */
export function during<T>(stay: Stay, act: () => T): T {
  return present.run(stay, act)
}

/** Calls `act`, which a guest uses but which is no part of it, in the real time, and returns its result. */
export function outside<T>(act: () => T): T {
  return present.exit(act)
}

let hosts = 0
let remove = () => {}

/**
 * Lets the timers, `Date`, `performance`, `AbortSignal.timeout` and `Math.random` of the platform follow the stay of whoever calls them, until the returned
 * function is called. Those who are no guests get the real ones. Runs at the same time share the installation.
 */
export function hostGuests(): () => void {
  if (hosts++ === 0) remove = install()
  let isOver = false
  return () => {
    if (isOver) return
    isOver = true
    if (--hosts === 0) remove()
  }
}

type Callable = (...args: unknown[]) => unknown

/** Puts everything into place, and returns what puts the former state back. */
function install(): () => void {
  const undo: (() => void)[] = []
  const replace = (owner: object, key: string, property: PropertyDescriptor): void => {
    const former = Object.getOwnPropertyDescriptor(owner, key)
    Object.defineProperty(owner, key, { configurable: true, ...property })
    undo.push(() => (former ? Object.defineProperty(owner, key, former) : Reflect.deleteProperty(owner, key)))
  }
  /** Lets a function do this for guests. */
  const lend = (owner: object, key: string, asGuest: (stay: Stay, ...args: never[]) => unknown): void => {
    const value = new Proxy(Reflect.get(owner, key) as Callable, {
      apply(real, self, args) {
        const stay = present.getStore()
        return stay ? asGuest(stay, ...(args as never[])) : Reflect.apply(real, self, args)
      },
    })
    replace(owner, key, { value, writable: true })
  }

  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const)
    lend(globalThis, name, ({ time }, ...args) => (time[name] as Callable)(...args))
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate'] as const) {
    const real = globalThis[name] as Callable
    // A guest's timer is cleared by whomever: the listener of a signal runs as a part of the code that aborts it.
    const value = (timer: unknown) => (timer instanceof LentTimer ? timer.close() : real(timer))
    replace(globalThis, name, { value, writable: true })
  }
  lend(AbortSignal, 'timeout', ({ time }, delay: Millis) => signalAfter(delay, time))
  lend(Math, 'random', ({ random }) => random.next())
  lend(performance, 'now', ({ time }) => time.now() - time.origin)
  const { timeOrigin } = performance
  replace(performance, 'timeOrigin', { get: () => present.getStore()?.time.origin ?? timeOrigin })
  const RealDate = globalThis.Date
  const guestDate = dateOf(RealDate, () => (present.getStore()?.time ?? RealDate).now())
  replace(globalThis, 'Date', { value: guestDate, writable: true })
  return () => {
    for (const each of undo.reverse()) each()
  }
}

/** The signal that `AbortSignal.timeout` returns, in simulated time. */
function signalAfter(delay: Millis, time: LentTime): AbortSignal {
  const controller = new AbortController()
  const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
  time.setTimeout(() => controller.abort(reason), delay)
  return controller.signal
}
