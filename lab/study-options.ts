import { basename } from 'node:path'
import { givenProfile } from '../sim/profiles/profiles.ts'
import type { InputCode } from '../src/checks/input-error.ts'
import { anyText, type Check, isObject, list, number, repeated, text, unknownFields } from '../src/checks/shape.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import { show } from '../src/core/expect.ts'
import type { Profile } from '../src/scenario/profile.ts'
import { readColumns } from '../src/scenario/recorded/column-choice.ts'
import type { OwnStrategy } from '../src/scenario/scenario.ts'
import { readSweep } from '../src/scenario/sweep.ts'
import { strategyId, strategyItemProblems } from './contestants.ts'
import type { Settings } from './settings.ts'

/** The options of a study. */
export interface StudyOptions {
  /**
   * The strategies of every case: names from the catalogue (`ratelab list`), also with options, such as `retry-full:attempts=5`; paths
   * of plug-ins, counted from the current folder; or strategies. Default: those of the scenario and its cases.
   */
  readonly strategies?: readonly (string | OwnStrategy)[]
  /**
   * A number n from 1 to 10,000 for the seeds 1, 2, …, n, or a list of seeds, which are whole numbers >= 0. Each seed is one
   * replication. Default: 20.
   */
  readonly seeds?: number | readonly number[]
  /**
   * The profile, which gives limits and prices: `article`, `intl`, `cn-beijing`, the path of a file with a profile, counted from the current
   * folder, or a profile itself. Default: the scenario's profile.
   */
  readonly profile?: string | Profile
  /** Each `key=value` changes a switch or a number of the cases; `ratelab list --settings` shows the keys. Default: none. */
  readonly set?: readonly string[]
  /**
   * The path of a file of recorded calls, in CSV or JSON Lines. A scenario that replays calls needs it, unless it names one itself; for
   * any other it is an error, as the four options below are.
   */
  readonly trace?: string
  /**
   * The instant in the trace at which the replay starts: a duration since the trace's start, such as `90m` or `1d12h`, or an instant as
   * the file spells it. Default: the start of the trace.
   */
  readonly from?: string
  /** The instant at which it ends, spelled like `from`; a row at it is left out. Default: the end of the trace. */
  readonly to?: string
  /** A whole number n >= 1: of the rows between `from` and `to`, in the order of the file, the first of every n is replayed. Default: 1. */
  readonly every?: number
  /**
   * The columns of the trace and the unit of its times (s, ms, us or ns), such as `arrival=time,prompt=in,output=out,unit=ms`. What is
   * left out follows from the format of the file. Default: all of it does.
   */
  readonly columns?: string
  /**
   * Runs each case at several loads, such as `20%..300%` of its own, evenly spaced; `20%..300%/15` has 15 of them. Default: each case runs at its own
   * load. Default number of loads: 8.
   */
  readonly sweep?: string
}

/** Options that observe a study, or end it, while it runs. */
export interface StudyControls {
  /** Called after each run. If it throws, the study ends and its promise rejects with that error. */
  onProgress?(progress: StudyProgress): void
  /** Aborting it ends the study. The study's promise then rejects with the signal's reason, after everything has stopped. */
  readonly signal?: AbortSignal
}

/** The progress of a study. */
export interface StudyProgress {
  /** The number of runs that have ended. */
  readonly done: number
  /** The number of all runs. */
  readonly total: number
  /** The result of the run that has just ended. Runs end in any order. */
  readonly cell: Cell
}

/** The greatest number of seeds that the option may be. */
const mostSeeds = 10_000

/** The seeds of a study without the option `seeds`: 1 to 20. */
export const defaultSeeds: readonly number[] = firstSeeds(20)

/** Returns the seeds that the option `seeds` means. */
export function seedsOf(seeds: StudyOptions['seeds'] = defaultSeeds): readonly number[] {
  return typeof seeds === 'number' ? firstSeeds(seeds) : seeds
}

function firstSeeds(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => 1 + i)
}

/** The options that say which rows of a trace are replayed, and how they are read. */
export const partOptions = ['from', 'to', 'every', 'columns'] as const

/** The problems of one option, and the code of the error for them. Default: `INPUT_INVALID`. */
export interface OptionProblems {
  readonly problems: readonly string[]
  readonly code?: InputCode
}

/** Checks the options before any scenario is loaded. Returns every problem. In messages `prefix` stands before the name of an option. */
export function optionProblems(options: unknown, prefix: string): OptionProblems[] {
  if (!isObject(options)) return [{ problems: [`Expected \`options\` to be an object, got ${show(options)}`] }]
  return [
    { problems: unknownFields('options', options, Object.keys(checks)) },
    ...Object.entries(checks).map(([name, check]) => ({
      problems: options[name] === undefined ? [] : check(`${prefix}${name}`, options[name]),
      ...(name === 'strategies' && { code: 'STRATEGY_UNKNOWN' as const }),
      ...(name === 'set' && { code: 'SETTING_INVALID' as const }),
    })),
  ]
}

const seed = number({ atLeast: 0, whole: true })

const checks: { readonly [K in keyof Required<StudyOptions & StudyControls>]: Check } = {
  strategies: (field, strategies) => [
    ...nonEmptyList('strategy', 'those that the scenario names', strategyItemProblems)(field, strategies),
    ...repeated(field, strategies, '', strategyId),
  ],
  seeds: (field, seeds) =>
    typeof seeds === 'number'
      ? number({ atLeast: 1, atMost: mostSeeds, whole: true })(field, seeds)
      : seedList(field, seeds),
  profile: (field, profile) => (isObject(profile) ? givenProfile(field, profile) : anyText(field, profile)),
  set: list(anyText),
  trace: text,
  from: text,
  to: text,
  every: number({ atLeast: 1, whole: true }),
  columns: (field, value) => {
    const read = typeof value === 'string' ? readColumns(field, value) : text(field, value)
    return typeof read === 'string' ? [read] : Array.isArray(read) ? read : []
  },
  sweep: (field, value) => {
    const read = readSweep(field, value)
    return typeof read === 'string' ? [read] : []
  },
  onProgress: (field, value) =>
    typeof value === 'function' ? [] : [`Expected \`${field}\` to be a function, got ${show(value)}`],
  signal: (field, value) =>
    value instanceof AbortSignal ? [] : [`Expected \`${field}\` to be an AbortSignal, got ${show(value)}`],
}

const seedList: Check = (field, seeds) => [
  ...nonEmptyList('seed', `${defaultSeeds[0]} to ${defaultSeeds.at(-1)}`, seed)(field, seeds),
  ...repeated(field, seeds, '', (each) => (typeof each === 'number' ? String(each) : undefined)),
]

/** A list with at least one item. The message for an empty list says which items are used when the option is left out. */
function nonEmptyList(noun: string, usual: string, item: Check): Check {
  return (field, value) =>
    Array.isArray(value) && value.length === 0
      ? [`Expected \`${field}\` to name at least one ${noun}, got none: leave it out for ${usual}`]
      : list(item)(field, value)
}

/** Returns what stands for a strategy or a profile in a command: its path or name. */
function nameOf(given: unknown): unknown {
  return isObject(given) ? given.name : given
}

/** Returns the options that change the scenario itself. Options of the wrong type are left out; `optionProblems` reports them. */
export function settingsOf({ profile, set, sweep }: StudyOptions): Settings {
  const isList = Array.isArray(set) && set.every((each) => typeof each === 'string')
  const loads = readSweep('sweep', sweep)
  return {
    set: isList ? set : [],
    ...(typeof loads === 'object' && { sweep: loads }),
    ...((typeof profile === 'string' || isObject(profile)) && { profile }),
  }
}

/**
 * Returns the options of `ratelab run` that repeat the study, without those that have their defaults. The path of a trace is shortened
 * to the file's name. Seeds that do not follow each other have no option: they are listed as `seeds 1, 3`.
 */
export function changesOf({ strategies, seeds, profile, set = [], sweep, trace, ...options }: StudyOptions): string[] {
  return [
    ...(strategies ? [`--strategies ${strategies.map(nameOf).join(',')}`] : []),
    ...seedChanges(seedsOf(seeds)),
    ...(profile === undefined ? [] : [`--profile ${nameOf(profile)}`]),
    ...set.map((setting) => `--set ${setting}`),
    ...(sweep === undefined ? [] : [`--sweep ${sweep}`]),
    ...(trace === undefined ? [] : [`--trace ${basename(trace)}`]),
    ...partOptions.flatMap((name) => (options[name] === undefined ? [] : [`--${name} ${options[name]}`])),
  ]
}

/** Returns the options that choose these seeds, without those that have their defaults. `usual` are the seeds of a command without options. */
export function seedChanges(seeds: readonly number[], usual = defaultSeeds): string[] {
  const [first] = seeds
  if (!areConsecutive(seeds)) return [`seeds ${seeds.join(', ')}`]
  return [
    ...(seeds.length === usual.length ? [] : [`--seeds ${seeds.length}`]),
    ...(first === usual[0] ? [] : [`--seed ${first}`]),
  ]
}

/** Whether `ratelab run` can repeat the study. It takes strategies and profiles only by names and paths, and seeds that follow each other. */
export function isRunnableByCommand({ strategies = [], seeds, profile }: StudyOptions): boolean {
  return [...strategies, profile].every((each) => !isObject(each)) && areConsecutive(seedsOf(seeds))
}

function areConsecutive(seeds: readonly number[]): boolean {
  return seeds.every((seed, i) => seed === seeds[0]! + i)
}
