import type { Millis } from '../src/core/clock.ts'
import type { Random } from '../src/core/random.ts'
import type { Switches } from '../src/core/world.ts'

/** How long one reply takes: until its first token, and until its last. */
export interface Service {
  readonly firstToken: Millis
  readonly total: Millis
}

/** Service times. Keyed by the call, so that every strategy meets the same model speed for the same call. */
export function modelSpeed(switches: Switches, random: Random): (call: number, outputTokens: number) => Service {
  const { firstToken, tokensPerSecond, latencySpread } = switches
  return (call, outputTokens) => {
    const angle = 2 * Math.PI * random.at(call, 1)
    const radius = latencySpread * gaussianRadius(random.at(call, 0))
    const first = firstToken * Math.exp(radius * Math.cos(angle))
    const speed = tokensPerSecond * Math.exp(radius * Math.sin(angle))
    return { firstToken: whole(first), total: Math.max(1, whole(first + (1000 * outputTokens) / speed)) }
  }
}

/** The delay on the way to the provider and on the way back. */
export interface Trip {
  readonly out: Millis
  readonly back: Millis
}

/** Network delays, log-normal. Keyed by call and attempt. */
export function network(switches: Switches, random: Random): (call: number, nth: number) => Trip {
  const { networkDelay, networkSpread } = switches
  if (networkSpread === 0) {
    const trip = { out: whole(networkDelay), back: whole(networkDelay) }
    return () => trip
  }
  return (call, nth) => {
    const angle = 2 * Math.PI * random.at(call, 2 * nth + 1)
    const radius = networkSpread * gaussianRadius(random.at(call, 2 * nth))
    return {
      out: whole(networkDelay * Math.exp(radius * Math.cos(angle))),
      back: whole(networkDelay * Math.exp(radius * Math.sin(angle))),
    }
  }
}

/** Some 35,000 years, which is beyond every horizon: a wild draw must not leave the range that a clock can count. */
const longest: Millis = 2 ** 50

function whole(ms: number): Millis {
  return Math.min(longest, Math.round(ms))
}

/** Box–Muller: with a uniform angle, radius·cos and radius·sin are two independent standard normals. */
function gaussianRadius(uniform: number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform))
}
