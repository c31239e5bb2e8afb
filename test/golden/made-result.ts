import { optimumNames } from '../../src/compare/comparison.ts'
import { metricNames, sharingMetrics } from '../../src/compare/metric-kinds.ts'
import type { Cell, Metrics, RawResult } from '../../src/compare/raw-result.ts'
import { rules } from '../../src/core/limit.ts'
import { outcomes } from '../../src/harness/trace.ts'
import { comparison } from './comparison.ts'

// Raw results with chosen figures, made by hand.

const zeros = <K extends string>(names: readonly K[]) =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>

/** The metrics of a case in which one process makes all calls. */
const usualMetrics = metricNames.filter((name) => !sharingMetrics.includes(name))

const noWaits = new Array<number>(101).fill(0)
const noSeries = {
  admittedPerSecond: [],
  deniedPerSecond: [],
  waitQuantiles: noWaits,
  reachableWaitQuantiles: noWaits,
}

/** The cases and strategies of a result, with the figures that each strategy has on each seed. */
export type Figures = Readonly<Record<string, Readonly<Record<string, readonly Partial<Metrics>[]>>>>

export interface ResultChanges {
  readonly seeds?: readonly number[]
  readonly study?: Partial<RawResult['study']>
  readonly calls?: number
}

/** Returns a result with these figures; every other figure is 0. Default: the seeds 1, 2, 3, …, and 10 calls. */
export function madeResult(figures: Figures, { seeds: given, study = {}, calls = 10 }: ResultChanges = {}): RawResult {
  const [some] = Object.values(Object.values(figures)[0]!)
  const seeds = given ?? some!.map((_, i) => i + 1)
  const cell = (name: string, strategy: string, seed: number, own: Partial<Metrics>): Cell => ({
    case: name,
    strategy,
    seed,
    summary: {
      calls,
      outcomes: zeros(outcomes),
      attempts: calls,
      denials: zeros(rules),
      deniedBy: zeros(rules),
      served: { calls: 0, tokens: 0 },
      span: 60_000,
      metrics: { ...zeros(usualMetrics), ...own },
    },
    // Under this optimum calls wait, so efficiency ranks.
    optimum: { ...zeros(optimumNames), bound: calls, reachable: calls, boundMakespan: 1, waitP95: 30_000 },
    ...(seed === seeds[0] && { series: noSeries }),
  })
  const { scenario, profile, switches } = comparison
  const cases = Object.entries(figures).map(([name, byStrategy]) => ({
    name,
    title: name,
    patience: 1000,
    horizon: 1000,
    limitPerSecond: 10,
    raises: [],
    contestants: Object.keys(byStrategy).map((id) => ({
      id,
      label: id,
      about: 'made by hand',
      quotaText: '1 account',
      limits: [],
    })),
  }))
  return {
    study: { scenario, profile, switches, changed: [], seeds, cases, ...study },
    cells: Object.entries(figures).flatMap(([name, byStrategy]) =>
      seeds.flatMap((seed, i) => Object.entries(byStrategy).map(([id, own]) => cell(name, id, seed, own[i]!))),
    ),
  }
}
