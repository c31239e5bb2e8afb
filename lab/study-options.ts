import { basename } from 'node:path'
import type { InputCode } from '../src/checks/input-error.ts'
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

/** The options of a study. */
export interface StudyOptions {
  /** Names from the catalogue (`ratelab list`), or strategies; for every case. Default: what the scenario and its cases name. */
  readonly strategies?: readonly (string | OwnStrategy)[]
  /** The number of seeds, which are then 1, 2 and so on, or the seeds themselves: whole numbers >= 0, each for one replication. Default: 20. */
  readonly seeds?: number | readonly number[]
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

/** The most seeds that a number may ask for. */
const mostSeeds = 10_000

/** The seeds of a study whose options name none. */
export const defaultSeeds: readonly number[] = firstSeeds(20)

/** The seeds that an option asks for: themselves, or their number. */
export function seedsOf(seeds: StudyOptions['seeds'] = defaultSeeds): readonly number[] {
  return typeof seeds === 'number' ? firstSeeds(seeds) : seeds
}

function firstSeeds(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => 1 + i)
}

/** The problems of one option, and the code of the error that they make. */
export interface OptionProblems {
  readonly problems: readonly string[]
  readonly code?: InputCode
}

/** Checks the options before any scenario is known. Messages put `prefix` before the name of an option. */
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

const catalogued = oneOf(strategyNames)
const seed = number({ atLeast: 0, whole: true })

const checks: { readonly [K in keyof Required<StudyOptions & StudyControls>]: Check } = {
  strategies: (field, strategies) => [
    ...some('strategy', 'those that the scenario names', strategyProblems)(field, strategies),
    ...repeated(field, strategies, '', nameOf),
  ],
  seeds: (field, seeds) =>
    typeof seeds === 'number'
      ? number({ atLeast: 1, atMost: mostSeeds, whole: true })(field, seeds)
      : seedList(field, seeds),
  profile: word,
  set: list(word),
  trace: text,
  onProgress: (field, value) =>
    typeof value === 'function' ? [] : [`Expected \`${field}\` to be a function, got ${show(value)}`],
  signal: (field, value) =>
    value instanceof AbortSignal ? [] : [`Expected \`${field}\` to be an AbortSignal, got ${show(value)}`],
}

const seedList: Check = (field, seeds) => [
  ...some('seed', `${defaultSeeds[0]} to ${defaultSeeds.at(-1)}`, seed)(field, seeds),
  ...repeated(field, seeds, '', (each) => (typeof each === 'number' ? String(each) : undefined)),
]

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
export function changesOf({ strategies, seeds, profile, set = [], trace }: StudyOptions): string[] {
  return [
    ...(strategies ? [`--strategies ${strategies.map(nameOf).join(',')}`] : []),
    ...seedChanges(seedsOf(seeds)),
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
export function isTypable({ strategies = [], seeds }: StudyOptions): boolean {
  return strategies.every((each) => typeof each === 'string') && areConsecutive(seedsOf(seeds))
}

function areConsecutive(seeds: readonly number[]): boolean {
  return seeds.every((seed, i) => seed === seeds[0]! + i)
}
