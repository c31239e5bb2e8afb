import { basename } from 'node:path'
import {
  type Check,
  distinct,
  isObject,
  list,
  number,
  oneOf,
  repeated,
  text,
  unknownFields,
} from '../src/checks/shape.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import { show } from '../src/core/expect.ts'
import { type OwnStrategy, strategyNames } from './catalogue.ts'
import type { Settings } from './settings.ts'

/** What a study asks of a scenario, where it is not what the scenario says. */
export interface StudyOptions {
  /** Names from the catalogue (`ratelab list`), or strategies; for every case. Default: what the scenario and its cases name. */
  readonly strategies?: readonly (string | OwnStrategy)[]
  /** Whole numbers >= 0, each for one replication. Default: 1 to 20. */
  readonly seeds?: readonly number[]
  /** The provider's limits and prices: `article`, `intl` or `cn-beijing`. Default: the scenario's. */
  readonly profile?: string
  /** Changes of switches and of the cases' numbers, `key=value` each, as `ratelab list --settings` shows them. Default: none. */
  readonly set?: readonly string[]
  /** The CSV file of recorded calls, for a scenario that replays them. */
  readonly trace?: string
}

/** How a study is watched and ended while it runs. */
export interface StudyControls {
  /** Called after each run. What it throws ends the study. */
  onProgress?(progress: StudyProgress): void
  /** Ends the study: its promise rejects with the signal's reason, once nothing is left running. */
  readonly signal?: AbortSignal
}

export interface StudyProgress {
  /** Runs that are over. */
  readonly done: number
  readonly total: number
  /** What came of the last of them. Runs end in any order. */
  readonly cell: Cell
}

/** The seeds of a study that names none. */
export const defaultSeeds: readonly number[] = Array.from({ length: 20 }, (_, i) => 1 + i)

/** What is wrong with the options, before any scenario is known. Messages put `prefix` before the name of an option. */
export function optionProblems(options: unknown, prefix: string): string[] {
  if (!isObject(options)) return [`Expected \`options\` to be an object, got ${show(options)}`]
  return [
    ...unknownFields('options', options, Object.keys(checks)),
    ...Object.entries(checks).flatMap(([name, check]) =>
      options[name] === undefined ? [] : check(`${prefix}${name}`, options[name]),
    ),
  ]
}

const catalogued = oneOf(strategyNames)
const seed = number({ atLeast: 0, whole: true })

const checks: { readonly [K in keyof Required<StudyOptions & StudyControls>]: Check } = {
  strategies: (field, strategies) => [
    ...some('strategy', 'those that the scenario names', strategyProblems)(field, strategies),
    ...repeated(field, strategies, '', nameOf),
  ],
  seeds: (field, seeds) => [
    ...some('seed', `${defaultSeeds[0]} to ${defaultSeeds.at(-1)}`, seed)(field, seeds),
    ...repeated(field, seeds, '', (each) => (typeof each === 'number' ? String(each) : undefined)),
  ],
  profile: word,
  set: list(word),
  trace: text,
  onProgress: (field, value) =>
    typeof value === 'function' ? [] : [`Expected \`${field}\` to be a function, got ${show(value)}`],
  signal: (field, value) =>
    value instanceof AbortSignal ? [] : [`Expected \`${field}\` to be an AbortSignal, got ${show(value)}`],
}

/** A list with at least one item. */
function some(noun: string, usual: string, item: Check): Check {
  return (field, value) =>
    Array.isArray(value) && value.length === 0
      ? [`Expected \`${field}\` to name at least one ${noun}, got none: leave it out for ${usual}`]
      : list(item)(field, value)
}

/** What a text says is judged where it is applied to the scenario. */
function word(field: string, value: unknown): string[] {
  return typeof value === 'string' ? [] : text(field, value)
}

function strategyProblems(field: string, value: unknown): string[] {
  if (typeof value === 'string') return catalogued(field, value)
  if (!isObject(value) || typeof value.wrap !== 'function')
    return [`Expected \`${field}\` to be a name from the catalogue or a strategy (name and wrap), got ${show(value)}`]
  const names = distinct(list(text, 1))
  return [
    ...text(`${field}.name`, value.name),
    ...(value.about === undefined ? [] : text(`${field}.about`, value.about)),
    ...(value.accounts === undefined ? [] : names(`${field}.accounts`, value.accounts)),
    ...(value.models === undefined ? [] : names(`${field}.models`, value.models)),
  ]
}

function nameOf(strategy: unknown): unknown {
  return isObject(strategy) ? strategy.name : strategy
}

/** The changes of the scenario itself, as far as they can be read. */
export function settingsOf({ profile, set }: StudyOptions): Settings {
  const isList = Array.isArray(set) && set.every((each) => typeof each === 'string')
  return { set: isList ? set : [], ...(typeof profile === 'string' && { profile }) }
}

/** What differs from a plain `ratelab run <scenario>`, as options of the command line. The path of a trace is shortened to its name. */
export function changesOf({ strategies, seeds = defaultSeeds, profile, set = [], trace }: StudyOptions): string[] {
  return [
    ...(strategies ? [`--strategies ${strategies.map(nameOf).join(',')}`] : []),
    ...seedChanges(seeds),
    ...(profile === undefined ? [] : [`--profile ${profile}`]),
    ...set.map((setting) => `--set ${setting}`),
    ...(trace === undefined ? [] : [`--trace ${basename(trace)}`]),
  ]
}

function seedChanges(seeds: readonly number[]): string[] {
  const [first] = seeds
  if (!areConsecutive(seeds)) return [`seeds ${seeds.join(', ')}`]
  return [
    ...(seeds.length === defaultSeeds.length ? [] : [`--seeds ${seeds.length}`]),
    ...(first === defaultSeeds[0] ? [] : [`--seed ${first}`]),
  ]
}

/** Whether a command line can name the study: it knows the catalogue's strategies, and seeds that follow each other. */
export function isTypable({ strategies = [], seeds = defaultSeeds }: StudyOptions): boolean {
  return strategies.every((each) => typeof each === 'string') && areConsecutive(seeds)
}

function areConsecutive(seeds: readonly number[]): boolean {
  return seeds.every((seed, i) => seed === seeds[0]! + i)
}
