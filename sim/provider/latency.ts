import type { Millis } from '../../src/core/clock.ts'
import { normalsAt, type Random } from '../../src/core/random.ts'
import type { Switches } from '../../src/scenario/switches.ts'

/** How long the model takes for one reply. */
export interface Service {
  /** Until the first token is ready. */
  readonly firstToken: Millis
  /** Until the last token is ready. At least 1. */
  readonly total: Millis
}

/** Draws service times. They depend only on the call, so that every strategy meets the same speed of the model for the same call. */
export function modelSpeed(switches: Switches, random: Random): (call: number, outputTokens: number) => Service {
  const { firstToken, tokensPerSecond, latencySpread } = switches
  return (call, outputTokens) => {
    const normals = normalsAt(call, random)
    const first = firstToken * Math.exp(latencySpread * normals[0])
    const speed = tokensPerSecond * Math.exp(latencySpread * normals[1])
    return { firstToken: whole(first), total: Math.max(1, whole(first + (1000 * outputTokens) / speed)) }
  }
}

/** The network delays of one attempt. */
export interface Trip {
  /** On the way to the provider. */
  readonly out: Millis
  /** On the way back. */
  readonly back: Millis
}

/**
 * Draws network delays, which are log-normal. They depend only on the call and the number of the attempt (`nth`), and one draw gives both ways.
 * They are drawn from a table of equally likely quantiles, which is fast: every attempt of a run has a delay.
 */
export function network(switches: Switches, random: Random): (call: number, nth: number) => Trip {
  const { networkDelay, networkSpread } = switches
  const delays = logNormalQuantiles(networkDelay, networkSpread)
  return (call, nth) => {
    const place = random.at(call, nth) * quantiles
    const out = Math.floor(place)
    return { out: delays[out]!, back: delays[Math.floor((place - out) * quantiles)]! }
  }
}

/** The number of quantiles that stand for a distribution. The outer half of the first and of the last quantile is cut off. */
const quantiles = 4096
/** The tables that have been made, by median and spread. */
const known = new Map<string, Float64Array>()

/** The quantiles (k + ½) / 4096 of the log-normal distribution with this median and this deviation of the logarithm, whole milliseconds. */
function logNormalQuantiles(median: Millis, spread: number): Float64Array {
  const name = `${median} ${spread}`
  const before = known.get(name)
  if (before) return before
  const table = Float64Array.from({ length: quantiles }, (_, k) =>
    whole(median * Math.exp(spread * normalQuantile((k + 0.5) / quantiles))),
  )
  known.set(name, table)
  return table
}

/** The standard normal quantile, by bisection on the distribution function (Zelen and Severo's formula 26.2.17, error < 7.5e-8). */
function normalQuantile(p: number): number {
  if (p < 0.5) return -normalQuantile(1 - p)
  let low = 0
  let high = 8
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    const t = 1 / (1 + 0.2316419 * middle)
    const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    const tail = (Math.exp((-middle * middle) / 2) / Math.sqrt(2 * Math.PI)) * series
    if (1 - tail < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** About 35,000 years, which is longer than any run. An extreme draw must not exceed what a clock can count. */
const longestDelay: Millis = 2 ** 50

function whole(ms: number): Millis {
  return Math.min(longestDelay, Math.round(ms))
}
