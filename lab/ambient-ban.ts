import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { type InputCode, InputError } from '../src/checks/input-error.ts'

/** What code can take from the platform that its result must not depend on. */
export type AmbientUse = 'time' | 'wait' | 'chance' | 'network'

/** For each use, what the code is to do in its place: words that follow "Expected it to". */
export type Remedies = Readonly<Record<AmbientUse, string>>

/** The platform's time and chance of this thread. They work as usual while no ban is imposed. */
export interface AmbientBan {
  /** Lets every use throw an `InputError` with this code, which has the line of the use in its stack, until `lift`. */
  impose(remedies: Remedies, code: InputCode): void
  /** The error of the first use since `impose`; undefined as long as there was none. It is kept because the code may catch it. */
  readonly violation: InputError | undefined
  lift(): void
}

type Callable = (...args: unknown[]) => unknown

/**
 * Puts a guard before everything with which code of this thread can read a clock, wait in real time, draw by chance or ask the network. Only a
 * thread of its own may do so, once, before it loads a user's file: what the file takes while it loads, as in `const now = Date.now`, is then
 * guarded, too. A strategy that reads the machine's clock would be measured in another time than that of the provider, and one that draws from
 * `Math.random` could not be run again with the same result.
 */
export function installAmbientBan(): AmbientBan {
  let imposed: { readonly remedies: Remedies; readonly code: InputCode } | undefined
  let violation: InputError | undefined
  /** The guards of functions, so that a function with several names has one. */
  const guards = new Map<unknown, unknown>()

  const check = (name: string, use: AmbientUse): void => {
    if (!imposed) return
    const error = new InputError(`Expected it to ${imposed.remedies[use]}, but it uses ${name}`, imposed.code)
    violation ??= error
    throw error
  }

  /** Returns the function with a guard before each call. `reads` tells which arguments make it a use. Default: any. */
  const guarded = <F extends object>(
    original: F,
    name: string,
    use: AmbientUse,
    reads = (_args: unknown[]) => true,
  ) => {
    const known = guards.get(original)
    if (known) return known as F
    const guard = new Proxy(original, {
      apply(target, self, args) {
        if (reads(args)) check(name, use)
        return Reflect.apply(target as Callable, self, args)
      },
      construct(target, args, newTarget) {
        if (reads(args)) check(name, use)
        return Reflect.construct(target as unknown as new () => object, args, newTarget)
      },
    })
    guards.set(original, guard)
    return guard
  }

  /** Puts guards before these functions and getters of an object, as far as this version of Node has them. */
  const guard = (owner: object, prefix: string, names: readonly string[], use: AmbientUse): void => {
    for (const key of names) {
      const found = Object.getOwnPropertyDescriptor(owner, key)
      const name = `${prefix}${key}`
      if (!found?.configurable) continue
      if (typeof found.value === 'function')
        Object.defineProperty(owner, key, { ...found, value: guarded(found.value, name, use) })
      else if (found.get) Object.defineProperty(owner, key, { ...found, get: guarded(found.get, name, use) })
    }
  }

  guardDate(guard, guarded, check)
  guard(Object.getPrototypeOf(performance), 'performance.', timesOfPerformance, 'time')
  guard(Event.prototype, 'Event.', ['timeStamp'], 'time')
  guard(process.hrtime, 'process.hrtime.', ['bigint'], 'time')
  guard(process, 'process.', ['hrtime', 'uptime', 'cpuUsage', 'threadCpuUsage', 'resourceUsage'], 'time')
  guard(os, 'os.', ['uptime', 'loadavg'], 'time')
  guard(globalThis, '', ['setTimeout', 'setInterval', 'setImmediate'], 'wait')
  guard(timers, 'timers.', ['setTimeout', 'setInterval', 'setImmediate'], 'wait')
  guard(timersPromises, 'timers/promises.', ['setTimeout', 'setInterval', 'setImmediate'], 'wait')
  guard(Object.getPrototypeOf(timersPromises.scheduler), 'timers/promises.scheduler.', ['wait', 'yield'], 'wait')
  guard(AbortSignal, 'AbortSignal.', ['timeout'], 'wait')
  guard(Atomics, 'Atomics.', ['waitAsync'], 'wait')
  guard(Math, 'Math.', ['random'], 'chance')
  guard(Object.getPrototypeOf(globalThis.crypto), 'crypto.', ['getRandomValues', 'randomUUID'], 'chance')
  guard(Object.getPrototypeOf(globalThis.crypto.subtle), 'crypto.subtle.', ['generateKey'], 'chance')
  guard(crypto, 'crypto.', Object.getOwnPropertyNames(crypto).filter(isDraw), 'chance')
  guard(globalThis, '', ['fetch', 'WebSocket', 'EventSource'], 'network')
  // Without this, what a file imports by name from these modules would be the functions without their guards.
  syncBuiltinESMExports()

  return {
    impose(remedies, code) {
      violation = undefined
      imposed = { remedies, code }
    },
    get violation() {
      return violation
    },
    lift() {
      imposed = undefined
    },
  }
}

const timesOfPerformance = ['now', 'timeOrigin', 'mark', 'measure', 'toJSON', 'eventLoopUtilization', 'nodeTiming']

/** Whether a function of `node:crypto` draws by chance. */
function isDraw(name: string): boolean {
  return /^(random|pseudoRandom|prng$|rng$|generate)/.test(name)
}

type Guard = (owner: object, prefix: string, names: readonly string[], use: AmbientUse) => void
type Guarded = <F extends object>(original: F, name: string, use: AmbientUse, reads?: (args: unknown[]) => boolean) => F

/** Guards what reads the present as a date. A date that is made from a given instant does not read the clock. */
function guardDate(guard: Guard, guarded: Guarded, check: (name: string, use: AmbientUse) => void): void {
  const RealDate = Date
  guard(RealDate, 'Date.', ['now'], 'time')
  const guardedDate = new Proxy(RealDate, {
    construct(target, args, newTarget) {
      if (args.length === 0) check('Date', 'time')
      return Reflect.construct(target, args, newTarget)
    },
    apply(target) {
      check('Date', 'time')
      return target()
    },
  })
  // Otherwise `new Date(0).constructor` would be the date without its guard.
  Object.defineProperty(RealDate.prototype, 'constructor', { value: guardedDate, configurable: true, writable: true })
  globalThis.Date = guardedDate
  const { Temporal } = globalThis as { Temporal?: { readonly Now: object } }
  if (Temporal) guard(Temporal.Now, 'Temporal.Now.', Object.getOwnPropertyNames(Temporal.Now), 'time')
  const isPresent = ([date]: unknown[]) => date === undefined
  const { prototype } = Intl.DateTimeFormat
  const { get: format } = Object.getOwnPropertyDescriptor(prototype, 'format')!
  Object.defineProperties(prototype, {
    formatToParts: { value: guarded(prototype.formatToParts, 'Intl.DateTimeFormat', 'time', isPresent) },
    format: {
      get() {
        return guarded(format!.call(this), 'Intl.DateTimeFormat', 'time', isPresent)
      },
    },
  })
}
