import { fc } from '@fast-check/vitest'
import type { Metrics, RawResult } from '../../../../src/compare/raw-result.ts'
import type { StudyConclusion } from '../../../../src/compare/sensitivity/conclusions.ts'
import { leastSeeds } from '../../../../src/compare/statistics.ts'
import { madeResult } from '../../../golden/made-result.ts'

// Results in which every seed gives a strategy the same figures, so that two figures either are equal or differ for certain. Sixteenths
// are exact as doubles, and none lies close to a boundary between levels.

/** The figures of one strategy, which every seed repeats, in sixteenths. */
interface StrategyFigures {
  readonly success: number
  readonly efficiency: number
}

export interface FiguredResult {
  /** By the ids of the strategies. */
  readonly byStrategy: Readonly<Record<string, StrategyFigures>>
  readonly result: RawResult
}

export const ids = ['a', 'b', 'c', 'd'] as const

const sixteenths = fc.integer({ min: 0, max: 16 })
const strategyFigures = fc.record({ success: sixteenths, efficiency: sixteenths })

export const anyFigures: fc.Arbitrary<FiguredResult> = fc
  .record({ a: strategyFigures, b: strategyFigures, c: strategyFigures, d: strategyFigures })
  .map((byStrategy) => ({ byStrategy, result: resultOf(byStrategy) }))

function resultOf(byStrategy: FiguredResult['byStrategy']): RawResult {
  const repeated = ({ success, efficiency }: StrategyFigures) =>
    new Array<Partial<Metrics>>(leastSeeds).fill({ success: success / 16, efficiency: efficiency / 16 })
  const strategies = Object.entries(byStrategy).map(([id, each]) => [id, repeated(each)] as const)
  return madeResult({ c: Object.fromEntries(strategies) })
}

/** The figures of one strategy, seed by seed. */
export function figured(success: readonly number[], efficiency: readonly number[]): Partial<Metrics>[] {
  return success.map((each, i) => ({ success: each, efficiency: efficiency[i]! }))
}

/** The ids of those that reach the highest efficiency, if that is above 0; of equal ones who answers more stands first. */
export function leadersIn({ byStrategy }: FiguredResult): string[] {
  const ranked = rankedIn(byStrategy)
  const highest = byStrategy[ranked[0]!]!.efficiency
  return highest === 0 ? [] : ranked.filter((id) => byStrategy[id]!.efficiency === highest)
}

function rankedIn(byStrategy: FiguredResult['byStrategy']): string[] {
  const { efficiency, success } = {
    efficiency: (id: string) => byStrategy[id]!.efficiency,
    success: (id: string) => byStrategy[id]!.success,
  }
  return Object.keys(byStrategy).sort((x, y) => efficiency(y) - efficiency(x) || success(y) - success(x))
}

/** The conclusions of such a result. */
export function modelOf(figures: FiguredResult): StudyConclusion[] {
  const { byStrategy } = figures
  const ranked = rankedIn(byStrategy)
  const leaders = leadersIn(figures)
  const said = (kind: StudyConclusion['kind'], strategies: readonly string[], figure: keyof StrategyFigures) => ({
    case: 'c',
    kind,
    strategies,
    metric: figure,
    figures: strategies.map((id) => byStrategy[id]![figure] / 16),
  })
  const neighbours = ranked.slice(1).map((id, i) => [ranked[i]!, id] as const)
  return [
    ...(leaders.length > 0 && leaders.length < ranked.length ? [said('lead', leaders, 'efficiency')] : []),
    ...ranked.map((id) => said('answers', [id], 'success')),
    ...neighbours
      .filter(([first, second]) => byStrategy[first]!.efficiency > byStrategy[second]!.efficiency)
      .map((pair) => said('order', pair, 'efficiency')),
  ]
}
