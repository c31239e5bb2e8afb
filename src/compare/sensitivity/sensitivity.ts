import type { SwitchValue } from '../../scenario/switch-table.ts'
import type { FailedStrategy, RawResult, StudyFacts } from '../raw-result.ts'
import { type ConcludedStudy, type ConclusionChange, changesUnder, concluded } from './changes.ts'
import type { StudyConclusion } from './conclusions.ts'

/** One other value of a switch. */
export interface Alternative {
  readonly switch: string
  readonly value: SwitchValue
}

/** What an alternative changes in the conclusions of a study. */
export interface AlternativeResult extends Alternative {
  /** In the order of the study's conclusions. A conclusion that is not listed holds. */
  readonly changes: readonly ConclusionChange[]
  /** The strategies that failed under the alternative. Nothing is said of their conclusions. Default: none failed. */
  readonly failed?: readonly FailedStrategy[]
}

/** The facts of the study whose conclusions are tried. */
export interface TriedFacts extends Pick<StudyFacts, 'scenario' | 'profile' | 'changed' | 'seeds' | 'failed'> {
  readonly switches: Readonly<Record<string, SwitchValue>>
  readonly cases: readonly Pick<StudyFacts['cases'][number], 'name' | 'title'>[]
}

/** Which conclusions of a study rest on which values of the provider's switches. Renderers need nothing else. */
export interface Sensitivity {
  readonly study: TriedFacts
  /** In the order of the cases. */
  readonly conclusions: readonly StudyConclusion[]
  /** In the order of the switches, then of their values. */
  readonly alternatives: readonly AlternativeResult[]
}

/** Returns what an alternative, under which the study was run again on the same seeds, changes in the study's conclusions. */
export function alternativeResult(
  tried: ConcludedStudy,
  alternative: Alternative,
  under: RawResult,
): AlternativeResult {
  const { failed } = under.study
  return {
    switch: alternative.switch,
    value: alternative.value,
    changes: changesUnder(tried, under),
    ...(failed && { failed }),
  }
}

/** Returns the facts of a study that a sensitivity states. */
export function triedFacts({ scenario, profile, switches, changed, seeds, failed, cases }: StudyFacts): TriedFacts {
  return {
    scenario,
    profile,
    switches,
    changed,
    seeds,
    ...(failed && { failed }),
    cases: cases.map(({ name, title }) => ({ name, title })),
  }
}

/** Returns the part of a result that these seeds have. */
export function onSeeds({ study, cells }: RawResult, seeds: readonly number[]): RawResult {
  return { study: { ...study, seeds }, cells: cells.filter(({ seed }) => seeds.includes(seed)) }
}

/**
 * Whether a sensitivity is one of this result: of the same scenario, profile, switches and changed options, and with the conclusions
 * that the result leads to on the seeds of the sensitivity.
 */
export function isOf({ study, conclusions }: Sensitivity, result: RawResult): boolean {
  if (!study.seeds.every((seed) => result.study.seeds.includes(seed))) return false
  const mine = triedFacts(result.study)
  const textOf = (value: unknown) => JSON.stringify(value)
  const identity = ({ scenario, profile, switches, changed, cases }: TriedFacts) =>
    textOf([scenario.name, profile.name, Object.entries(switches).sort(), withoutSeeds(changed), cases])
  if (identity(study) !== identity(mine)) return false
  return textOf(concluded(onSeeds(result, study.seeds)).conclusions) === textOf(conclusions)
}

/** Returns the changed options without the number of seeds and the first one. */
export function withoutSeeds(changed: readonly string[]): string[] {
  return changed.filter((each) => !/^(--seeds? |seeds )/.test(each))
}
