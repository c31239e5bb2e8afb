import { InputError } from '../src/checks/input-error.ts'

/** The platform's time and chance, while code that must not use them runs. */
export interface AmbientBan {
  /** The error of the first use, with the line of the use in its stack; undefined as long as there was none. */
  readonly violation: InputError | undefined
  /** Gives the platform its time and chance back. */
  lift(): void
}

/**
 * Lets `Date`, `performance.now`, `setTimeout`, `setInterval` and `Math.random` throw until `lift` is called. A strategy that reads the
 * machine's clock would be measured in another time than that of the provider, and one that draws from `Math.random` could not be run
 * again with the same result. The error is also kept, because a strategy may catch it. The ban holds for the whole thread.
 */
export function banAmbient(): AmbientBan {
  const { setTimeout, setInterval, Date: RealDate } = globalThis
  const { now } = performance
  const { random } = Math
  let violation: InputError | undefined

  const banned = (name: string, remedy: string) => () => {
    const error = new InputError(`Expected it to ${remedy}, but it uses ${name}`, 'STRATEGY_FAILED')
    violation ??= error
    throw error
  }
  const time = 'take the time from `env.clock.now()`'
  const wait = 'wait with `env.clock.sleep(ms, call.signal)`'
  const date = banned('Date', time)
  Object.assign(globalThis, {
    setTimeout: banned('setTimeout', wait),
    setInterval: banned('setInterval', wait),
    Date: new Proxy(RealDate, {
      // A date that is made from a given instant does not read the clock.
      construct: (target, args, newTarget) => (args.length === 0 ? date() : Reflect.construct(target, args, newTarget)),
      apply: date,
      get: (target, name) => (name === 'now' ? banned('Date.now', time) : Reflect.get(target, name)),
    }),
  })
  performance.now = banned('performance.now', time)
  Math.random = banned('Math.random', 'draw from `env.random.next()`')
  return {
    get violation() {
      return violation
    },
    lift() {
      Object.assign(globalThis, { setTimeout, setInterval, Date: RealDate })
      performance.now = now
      Math.random = random
    },
  }
}
