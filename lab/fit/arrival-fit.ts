import { sorted } from '../../src/compare/statistics.ts'
import type { Millis } from '../../src/core/clock.ts'
import { partitionPoint } from '../../src/core/partition-point.ts'
import { seeded } from '../../src/core/random.ts'
import { type Arrivals, instants } from '../../src/scenario/arrivals/arrivals.ts'
import { type Dispersion, dispersionOf } from './dispersion.ts'
import { ksDistance } from './kolmogorov-smirnov.ts'
import { onOffFit } from './on-off-fit.ts'
import { significant } from './significant.ts'

/** A law of arrivals that a fit can propose. */
export type ArrivalLaw = Extract<Arrivals, { kind: 'poisson' | 'gamma' | 'on-off' }>

/** A law with the figures of a trace, and how well it fits. */
export interface LawFit {
  readonly law: ArrivalLaw
  /** The Kolmogorov–Smirnov distance of the gaps between calls from those that the law draws. */
  readonly distance: number
  /** Whether chance explains that the counts a minute vary more than the law’s, if they do. */
  readonly explainsCounts: boolean
}

/** The arrivals of a trace in figures, and the laws that share them. */
export interface ArrivalFit {
  readonly calls: number
  /** From the first to the last arrival. */
  readonly span: Millis
  readonly perSecond: number
  /** The coefficient of variation of the gaps: their standard deviation ÷ mean. It is 1 for a Poisson process. */
  readonly cv: number
  readonly second: Dispersion
  readonly minute: Dispersion
  /** The simplest first. There is no on-off process with the figures of every trace. */
  readonly laws: readonly LawFit[]
  /** The law that is proposed: of those that explain the counts, the simplest that is hardly farther than the nearest. */
  readonly proposed: LawFit
}

/** A law that is farther from the gaps by no more than this is as good as a nearer one. */
const sameDistance = 0.02
/** How many calls are drawn from a law to compare them. */
const mostDrawn = 50_000

/** Fits arrivals, of which there are at least two at different instants, ascending. */
export function arrivalFit(arrival: Float64Array): ArrivalFit {
  const calls = arrival.length
  const span = arrival.at(-1)! - arrival[0]!
  const gaps = gapsOf(arrival)
  const mean = span / (calls - 1)
  const cv = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length) / mean
  const [second, minute] = [dispersionOf(arrival, 1000), dispersionOf(arrival, 60_000)]
  const perSecond = 1000 / mean
  const rate = { perSecond: significant(perSecond), until: span }
  const pausing = onOffFit({ perSecond, second: second.index, minute: minute.index })
  const candidates: readonly ArrivalLaw[] = [
    { kind: 'poisson', ...rate },
    { kind: 'gamma', ...rate, cv: Math.min(20, Math.max(0.01, significant(cv))) },
    ...(pausing ? [{ ...pausing, until: span }] : []),
  ]
  const laws = candidates.map((law) => compared(law, sorted(gaps), minute))
  const explaining = laws.filter(({ explainsCounts }) => explainsCounts)
  const eligible = explaining.length > 0 ? explaining : laws
  const nearest = eligible.reduce((least, { distance }) => Math.min(least, distance), Infinity)
  const proposed = eligible.find(({ distance }) => distance <= nearest + sameDistance)!
  return { calls, span, perSecond, cv, second, minute, laws, proposed }
}

function compared(law: ArrivalLaw, gaps: Float64Array, minute: Dispersion): LawFit {
  const drawn = draw(law)
  const ascending = sorted(gapsOf(drawn))
  const distance = ksDistance(gaps, (gap) => countUpTo(ascending, gap) / ascending.length)
  // The on-off process has the very index that it was fitted to.
  const index = law.kind === 'on-off' ? minute.index : dispersionOf(drawn, 60_000).index
  // The index of a Poisson process in n windows has the standard deviation √(2 ÷ n); three of them are chance.
  const slack = 1 + 3 * Math.sqrt(2 / minute.windows)
  return { law, distance, explainsCounts: !(minute.index > slack * index) }
}

function draw(law: ArrivalLaw): Float64Array {
  const drawn: number[] = []
  for (const at of instants({ ...law, until: Infinity }, seeded(1))) if (drawn.push(at) === mostDrawn) break
  return Float64Array.from(drawn)
}

function gapsOf(arrival: Float64Array): Float64Array {
  return arrival.subarray(1).map((at, call) => at - arrival[call]!)
}

/** How many of some ascending numbers are this or less. */
function countUpTo(ascending: Float64Array, most: number): number {
  return partitionPoint(ascending.length, (i) => ascending[i]! <= most)
}
