import type { Millis } from '../core/clock.ts'
import { minimum } from '../core/extremes.ts'
import type { Unit } from '../core/limit.ts'
import { highest } from '../optimum/quota.ts'
import { mostWithin, neverFalling, peaks, Supply } from '../optimum/supply.ts'
import type { Cell, Contestant, RawResult } from './raw-result.ts'

/** What a figure may exceed a limit by, as a share of it, because of rounding in floating-point numbers. */
const rounding = 1e-9

/** Thrown when a result contradicts itself. It is a fault of ratelab, unless somebody has changed the cells. */
export class SelfCheckError extends Error {
  readonly code = 'SELF_CHECK_FAILED'
  constructor(message: string) {
    super(message)
    this.name = 'SelfCheckError'
  }
}

/**
 * Throws a `SelfCheckError` when a figure exceeds a limit that the result itself states. The laboratory computes both. Every comparison is checked, and so every report,
 * except for results from the wire: a provider may grant more than is stated, and the instants of its decisions are not known.
 */
export function expectWithinLimits(result: RawResult): void {
  if (result.study.wire) return
  const [first, ...others] = contradictions(result)
  if (first === undefined) return
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  throw new SelfCheckError(
    `The result contradicts the limits that it states${more}: ${first}. Unless the cells were changed by hand, ` +
      'ratelab has computed a wrong figure, and no figure of this report should be relied on.',
  )
}

/** Returns a sentence for each figure of the result that exceeds a limit, or the bound. */
export function contradictions({ study, cells }: RawResult): string[] {
  const contestants = new Map(
    study.cases.flatMap(({ name, contestants }) => contestants.map((each) => [keyOf(name, each.id), each] as const)),
  )
  return cells.flatMap((cell) => {
    const contestant = contestants.get(keyOf(cell.case, cell.strategy))!
    const found = contradictionsOf(cell, new Limits(contestant, study.switches))
    return found.map((each) => `case ${cell.case}, strategy ${cell.strategy}, seed ${cell.seed}: ${each}`)
  })
}

function keyOf(caseName: string, strategy: string): string {
  return JSON.stringify([caseName, strategy])
}

/** A figure and the greatest value that it can have. */
type Comparison = readonly [name: string, figure: number, most: number]

function contradictionsOf({ summary, optimum, series }: Cell, limits: Limits): string[] {
  const { calls, served, metrics } = summary
  const { bound, boundMakespan, boundTokens, reachable, reachableMakespan, reachableTokens, reachableShare } = optimum
  // The calls that a strategy answers itself cost no quota.
  const own = summary.outcomes.ok - served.calls
  const comparisons: Comparison[] = [
    ['the share of answered calls', metrics.success, 1],
    ['the share of calls answered in time', metrics.withinSlo, metrics.success],
    ['the share of denied attempts', metrics.deniedShare, 1],
    ['the share of answers from elsewhere', metrics.elsewhere, 1],
    ['the answered calls', served.calls, bound],
    ['the reachable calls', reachable, bound],
    ['the bound', bound, calls],
    ['the share of the bound', metrics.ofBound, 1],
    ['the reachable share of the bound', reachableShare, 1],
    ['the calls answered until the makespan', served.calls, limits.most('requests', metrics.makespan)],
    ['the tokens admitted until the makespan', served.tokens, limits.most('tokens', metrics.makespan)],
    ['the calls of the bound', bound, limits.most('requests', boundMakespan)],
    ['the tokens of the bound', boundTokens, limits.most('tokens', boundMakespan)],
    ['the reachable calls until their makespan', reachable, limits.most('requests', reachableMakespan)],
    ['the reachable tokens until their makespan', reachableTokens, limits.most('tokens', reachableMakespan)],
    [
      'the answers within the span',
      (metrics.throughput * summary.span) / 60_000 - own,
      limits.most('requests', summary.span),
    ],
    ['the goodput', metrics.goodput, metrics.throughput],
    ...(series?.admittedPerSecond ?? []).map(
      (admitted, second): Comparison => [`the admissions of second ${second}`, admitted, limits.mostInSecond],
    ),
  ]
  return comparisons
    .filter(([, figure, most]) => figure > most * (1 + rounding))
    .map(([name, figure, most]) => `${name} (${figure}) exceed what is possible (${most})`)
}

/** The limits of the quota on which a contestant draws. */
class Limits {
  /** The most requests that are admitted in any second. */
  readonly mostInSecond: number
  readonly #supplies: readonly { readonly unit: Unit; readonly supply: Supply; readonly more: number }[]

  constructor({ limits }: Contestant, { window }: RawResult['study']['switches']) {
    const ofRequests = limits.filter(({ unit }) => unit === 'requests')
    this.mostInSecond = minimum(ofRequests.map((limit) => mostWithin(limit, window, 1000)))
    // A result does not state the phase of fixed windows, nor when anchored ones begin. Whatever it is, at most one more window has begun.
    const isPlaced = window !== 'fixed' && window !== 'anchored'
    this.#supplies = limits.map((limit) => ({
      unit: limit.unit,
      supply: new Supply(isPlaced ? peaks(limit, window, 0) : neverFalling(limit), window, 0, 0),
      more: isPlaced ? 0 : highest(limit),
    }))
  }

  /** The most requests or tokens that are admitted from the start to this instant. */
  most(unit: Unit, until: Millis): number {
    const own = this.#supplies.filter((each) => each.unit === unit)
    return minimum(own.map(({ supply, more }) => supply.by(until) + more))
  }
}
