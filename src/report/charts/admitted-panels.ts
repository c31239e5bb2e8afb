import { type Row, rowsByQuota } from '../../compare/comparison.ts'
import type { Raise } from '../../compare/raw-result.ts'
import { requestLimit } from '../../compare/request-limit.ts'
import { maximum } from '../../core/extremes.ts'
import { attemptRate } from '../figures/attempt-rate.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** What the panel of a strategy shows. Instants are in units of the axis of time. */
export interface Panel {
  readonly row: Row
  /** Whether the strategy has rank 1. */
  readonly leads: boolean
  /** The names of the strategy and of its quota, as they are drawn. */
  readonly name: string
  readonly quota: string
  /** Attempts a second in each bin. */
  readonly admitted: readonly number[]
  readonly denied: readonly number[]
  /** The limit on requests of the strategy's quota, at the start and at each change. */
  readonly limits: readonly Raise[]
  /** The line of this limit. There is no point without a limit. */
  readonly limit: readonly Point[]
  /** When all that is reachable on the quota is answered. */
  readonly reachable: number
  /** The top of the axis of admitted attempts. */
  readonly top: number
}

/** The part of a panel that does not depend on the size of the chart. */
export type Curves = Pick<Panel, 'row' | 'admitted' | 'denied' | 'limits' | 'top'>

/** The curves of each row in the order of the rows. The rows of a quota have the same top. */
export function panelsOf(rows: readonly Row[], bin: number): Curves[] {
  const panels = new Map<Row, Curves>()
  for (const own of rowsByQuota(rows)) {
    const limits = requestLimit(own[0]!)
    const admitted = own.map(({ series }) => attemptRate(series.admittedPerSecond, bin))
    const top = axisTop(admitted, limits)
    own.forEach((row, i) => {
      const denied = attemptRate(row.series.deniedPerSecond, bin)
      panels.set(row, { row, limits, top, admitted: admitted[i]!, denied })
    })
  }
  return rows.map((row) => panels.get(row)!)
}

/** When all that is reachable on the quota of a row is answered, in seconds. */
export function reachableMakespan({ optimum }: Row): number {
  return optimum.reachableMakespan.value / 1000
}

/** The length of the axis of time in seconds. Every curve ends before it, and the instants of the optima are before it as well. */
export function secondsShown(rows: readonly Row[], bin: number): number {
  const ends = rows.flatMap((row) => {
    const { admittedPerSecond, deniedPerSecond } = row.series
    const bins = Math.ceil(Math.max(admittedPerSecond.length, deniedPerSecond.length) / bin)
    const reachable = Math.ceil(reachableMakespan(row))
    return [bins * bin, ...(Number.isFinite(reachable) ? [reachable] : [])]
  })
  return maximum(ends, 1)
}

/** The top of the vertical axis. A short peak may be cut off, so that the other curves do not become flat. */
function axisTop(rates: readonly number[][], limits: readonly Raise[]): number {
  const peak = maximum(rates.flat(), 0)
  const start = limits[0]!.perSecond
  const highest = highestOf(limits)
  if (!Number.isFinite(highest)) return Math.max(1.5, 1.1 * peak)
  return Math.max(1.5 * start, 1.3 * highest, 1.1 * Math.min(peak, 3 * highest))
}

/** The highest of a limit's values in calls a second. */
export function highestOf(limits: readonly Raise[]): number {
  return maximum(limits.map(({ perSecond }) => perSecond))
}

/** The points of a limit as a step line up to the instant `until`, in seconds. There is no point when there is no limit. */
export function limitLine(limits: readonly Raise[], until: number, unit: number): readonly Point[] {
  if (!Number.isFinite(highestOf(limits))) return []
  const steps = limits.map(({ at, perSecond }) => ({ x: at / 1000, y: perSecond })).filter(({ x }) => x < until)
  const corners = steps.flatMap((step, i) => (i === 0 ? [step] : [{ x: step.x, y: steps[i - 1]!.y }, step]))
  return [...corners, { x: until, y: steps.at(-1)!.y }].map(({ x, y }) => ({ x: x / unit, y }))
}
