import fc from 'fast-check'
import type { Clock, Millis } from '../src/core/clock.ts'
import type { Strategy } from '../src/core/strategy.ts'

/** By how much timers are late, in turn: 0 to 20 ms each. */
export const delays = fc.array(fc.nat(20), { minLength: 1, maxLength: 7 })

/** A clock whose timers ring late, by these times in turn. */
export function lateTimers(clock: Clock, delays: readonly Millis[]): Clock {
  let nth = 0
  return {
    now: clock.now,
    sleep: (ms, signal) => clock.sleep(Math.max(0, ms) + delays[nth++ % delays.length]!, signal),
  }
}

/** The same strategy on such a clock. */
export function onLateTimers({ name, wrap }: Strategy, delays: readonly Millis[]): Strategy {
  return { name, wrap: (next, env) => wrap(next, { ...env, clock: lateTimers(env.clock, delays) }) }
}
