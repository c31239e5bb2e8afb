import { quantile, sorted } from '../../src/compare/statistics.ts'
import type { LogNormal } from '../../src/scenario/lengths/log-normal.ts'
import { type Quantiles, tokensAt } from '../../src/scenario/lengths/quantiles.ts'
import { type Distribution, ksDistance, normalShare } from './kolmogorov-smirnov.ts'
import { significant } from './significant.ts'

/** The lengths of prompts or of answers in a trace, and how far two descriptions are from them. */
export interface LengthFit {
  readonly calls: number
  readonly mean: number
  /** The minimum, the 5th, 10th, …, 95th percentile and the maximum. */
  readonly quantiles: Quantiles
  readonly logNormal: LogNormal
  /** The Kolmogorov–Smirnov distances of what each of them draws: the greatest difference of the shares of calls up to any length. */
  readonly distances: { readonly quantiles: number; readonly logNormal: number }
}

const steps = 20

/** Fits lengths, of which there is at least one. A length of 0 counts as 1 for the log-normal, which has none. */
export function lengthFit(tokens: ArrayLike<number>): LengthFit {
  const ascending = sorted(tokens)
  const calls = ascending.length
  const quantiles = Array.from({ length: steps + 1 }, (_, i) => quantile(ascending, i / steps))
  const logs = ascending.map((each) => Math.log(Math.max(1, each)))
  const mean = logs.reduce((sum, log) => sum + log, 0) / calls
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / calls
  const most = Math.max(1, ascending.at(-1)!)
  const logNormal = { median: significant(Math.exp(mean)), spread: significant(Math.sqrt(variance)), most }
  return {
    calls,
    mean: ascending.reduce((sum, each) => sum + each, 0) / calls,
    quantiles,
    logNormal,
    distances: {
      quantiles: ksDistance(ascending, ofQuantiles(quantiles)),
      logNormal: ksDistance(ascending, ofLogNormal(logNormal)),
    },
  }
}

/** The share of draws from a table up to a length, by bisection: `tokensAt` never falls. */
export function ofQuantiles(quantiles: Quantiles): Distribution {
  return (tokens) => {
    if (tokens < quantiles[0]!) return 0
    if (tokens >= quantiles.at(-1)!) return 1
    let [low, high] = [0, 1]
    while (high - low > 1e-7) {
      const middle = (low + high) / 2
      if (tokensAt(quantiles, middle) <= tokens) low = middle
      else high = middle
    }
    return low
  }
}

/** The share of draws from a log-normal up to a length. Draws are rounded, at least 1 and at most `most`. */
export function ofLogNormal({ median, spread, most }: LogNormal): Distribution {
  return (tokens) => {
    if (tokens < 1) return 0
    if (tokens >= most) return 1
    const excess = Math.log((tokens + 0.5) / median)
    return spread === 0 ? Number(excess > 0) : normalShare(excess / spread)
  }
}
