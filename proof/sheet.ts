import type { Cell, RawResult, StudyFacts } from '../src/compare/raw-result.ts'
import { mean } from '../src/compare/statistics.ts'
import { shellCommand } from '../src/report/markdown/shell-command.ts'
import type { DrawnPart } from './drawn-worlds.ts'

/** What one strategy reaches in one case, over all seeds. */
export interface ProofRow {
  /** The name of the strategy in the catalogue. */
  readonly strategy: string
  /** The share of the reachable: the mean over the seeds. */
  readonly share: number
  /** The share on the seed on which it is least. */
  readonly leastShare: number
  readonly leastSeed: number
  /** Attempts ÷ calls: the mean over the seeds. */
  readonly amplification: number
  /** Jain's index: the mean over the seeds that have one. Absent where no seed has one. */
  readonly jain?: number
}

/** All strategies in one case of a scenario. */
export interface ProofCase {
  readonly name: string
  readonly title: string
  readonly rows: readonly ProofRow[]
}

/** What one strategy reaches in all cases of a scenario: means over the cases, and the seed on which its share is least in any of them. */
export interface ProofTotal extends ProofRow {
  /** The name of the case with that seed. */
  readonly worst: string
  /** The command that runs all cases with that seed again. */
  readonly command: string
}

/** All that the proof sheet is rendered from. */
export interface ProofSheet {
  readonly parts: readonly ProofPart[]
  readonly drawn: DrawnPart
}

/** The part of one scenario. */
export interface ProofPart {
  readonly scenario: string
  readonly title: string
  /** The name of the profile whose limits hold. */
  readonly profile: string
  readonly seeds: number
  /** The command that gives these figures again. */
  readonly command: string
  readonly totals: readonly ProofTotal[]
  readonly cases: readonly ProofCase[]
}

/** Computes the part of a scenario from its study. Each case has the same strategies. */
export function proofPart({ study, cells }: RawResult): ProofPart {
  const { name: scenario, title } = study.scenario
  const cases = study.cases.map(({ name, title, contestants }) => ({
    name,
    title,
    rows: contestants.map(({ id }) => rowOf(cells.filter((cell) => cell.case === name && cell.strategy === id))),
  }))
  return {
    scenario,
    title,
    profile: study.profile.name,
    seeds: study.seeds.length,
    command: commandOf(scenario, study.changed),
    totals: cases[0]!.rows.map(({ strategy }) => totalOf(study, strategy, cases)),
    cases,
  }
}

function rowOf(cells: readonly Cell[]): ProofRow {
  const metrics = cells.map(({ summary }) => summary.metrics)
  const worst = leastBy(cells, ({ summary }) => summary.metrics.efficiency)
  return {
    strategy: worst.strategy,
    share: mean(metrics.map(({ efficiency }) => efficiency)),
    leastShare: worst.summary.metrics.efficiency,
    leastSeed: worst.seed,
    amplification: mean(metrics.map(({ amplification }) => amplification)),
    ...meanJain(metrics),
  }
}

function totalOf({ scenario, changed }: StudyFacts, strategy: string, cases: readonly ProofCase[]): ProofTotal {
  const kept = changed.filter((option) => !/^--(?:strategies|seeds) /.test(option))
  const own = cases.map(({ name, rows }) => ({ name, row: rows.find((row) => row.strategy === strategy)! }))
  const rows = own.map(({ row }) => row)
  const { name, row } = leastBy(own, (each) => each.row.leastShare)
  return {
    ...row,
    share: mean(rows.map(({ share }) => share)),
    amplification: mean(rows.map(({ amplification }) => amplification)),
    ...meanJain(rows),
    worst: name,
    command: commandOf(scenario.name, [...kept, `--strategies ${strategy}`, '--seeds 1', `--seed ${row.leastSeed}`]),
  }
}

function commandOf(scenario: string, options: readonly string[]): string {
  return shellCommand('npm run scenario', scenario, options)
}

function meanJain(of: readonly Pick<ProofRow, 'jain'>[]): Pick<ProofRow, 'jain'> {
  const indices = of.map(({ jain = Number.NaN }) => jain).filter((jain) => !Number.isNaN(jain))
  return indices.length > 0 ? { jain: mean(indices) } : {}
}

/** The item whose value is least: of equal ones the first. */
function leastBy<T>(items: readonly T[], value: (item: T) => number): T {
  return items.reduce((least, item) => (value(item) < value(least) ? item : least))
}
