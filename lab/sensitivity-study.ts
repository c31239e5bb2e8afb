import { didYouMean } from '../src/checks/did-you-mean.ts'
import { inputErrorOf } from '../src/checks/input-error.ts'
import type { StudyFacts } from '../src/compare/raw-result.ts'
import { concluded } from '../src/compare/sensitivity/changes.ts'
import {
  type Alternative,
  type AlternativeResult,
  alternativeResult,
  type Sensitivity,
  triedFacts,
  withoutSeeds,
} from '../src/compare/sensitivity/sensitivity.ts'
import { hasSoftLimits } from '../src/compare/soft-limits.ts'
import { show } from '../src/core/expect.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import { alternativesTo, type SwitchRow } from '../src/scenario/switch-table.ts'
import { type Switches, switchNames, switchTable } from '../src/scenario/switches.ts'
import type { ResumeControls } from './remaining-runs.ts'
import { sensitivitySeeds } from './sensitivity-seeds.ts'
import { prepareStudy } from './study.ts'
import { type StudyOptions, seedChanges, seedsOf } from './study-options.ts'

/** The options of a sensitivity study. */
export interface SensitivityOptions extends StudyOptions {
  /** The switches whose alternatives are tried. Default: all switches of the provider that can change something. */
  readonly switches?: readonly string[]
}

/** A sensitivity study that is ready to run: the study itself, and the same study under each alternative. */
export interface SensitivityStudy {
  /** The facts of the study itself. */
  readonly facts: StudyFacts
  readonly alternatives: readonly Alternative[]
  /** The number of runs of the study and of all alternatives together. */
  readonly runs: number
  /**
   * Runs the study, then each alternative on the same seeds. `known` are cells of the study itself. The promise rejects as that of
   * `Study.run` does.
   */
  run(controls?: ResumeControls): Promise<Sensitivity>
}

/**
 * Loads and checks the study itself. An alternative is loaded right before it runs, so that a long recorded trace is in memory only once.
 * Rejects with an `InputError` that lists every problem. In messages `prefix` stands before the name of an option. Default: `options.`.
 */
export async function prepareSensitivity(
  given: string | Scenario,
  { switches, seeds = sensitivitySeeds, ...options }: SensitivityOptions = {},
  prefix = 'options.',
): Promise<SensitivityStudy> {
  const problems = switches ? switchProblems(`${prefix}switches`, switches) : []
  if (problems.length > 0) throw inputErrorOf(problems)
  const study = await prepareStudy(given, { ...options, seeds }, prefix)
  const isSoft = hasSoftLimits(study.facts.cases)
  const chosen = switchNames.filter((name) => switches?.includes(name) ?? (isSoft || !rowOf(name).onlySoft))
  const alternatives = chosen.flatMap((name) => alternativesOf(name, study.facts.switches))
  const runs = study.runs * (1 + alternatives.length)
  const facts = {
    ...study.facts,
    changed: [...withoutSeeds(study.facts.changed), ...seedChanges(seedsOf(seeds), sensitivitySeeds)],
  }
  return {
    facts,
    alternatives,
    runs,
    async run({ known = [], onProgress, signal } = {}) {
      let before = 0
      /** The controls of the next study: its runs are counted after those of the studies before it. */
      const next = () => {
        const start = before
        before += study.runs
        return {
          ...(signal && { signal }),
          ...(onProgress && {
            onProgress: ({ done, cell }) => onProgress({ done: start + done, total: runs, cell }),
          }),
        } satisfies ResumeControls
      }
      const tried = concluded(await study.run({ ...next(), known }))
      const results: AlternativeResult[] = []
      for (const alternative of alternatives) {
        const set = [...(options.set ?? []), `${alternative.switch}=${alternative.value}`]
        const under = await prepareStudy(given, { ...options, seeds, set }, prefix)
        results.push(alternativeResult(tried, alternative, await under.run(next())))
      }
      const { failed } = tried.result.study
      return {
        study: triedFacts({ ...facts, ...(failed && { failed }) }),
        conclusions: tried.conclusions,
        alternatives: results,
      }
    },
  }
}

function rowOf(name: keyof Switches): SwitchRow {
  return switchTable[name]
}

function alternativesOf(name: keyof Switches, switches: Switches): Alternative[] {
  return alternativesTo(switches[name], rowOf(name)).map((value) => ({ switch: name, value }))
}

function switchProblems(field: string, switches: readonly string[]): string[] {
  const names: readonly string[] = switchNames
  if (switches.length === 0) return [`Expected \`${field}\` to name at least one switch, got none`]
  return switches
    .filter((name) => !names.includes(name))
    .map(
      (name) =>
        `Expected \`${field}\` to name a switch of the provider, got ${show(name)}${didYouMean(name, names)} (ratelab list --settings shows them)`,
    )
}
