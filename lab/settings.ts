import { givenProfile } from '../sim/profiles/profiles.ts'
import { didYouMean } from '../src/checks/did-you-mean.ts'
import { inputErrorOf } from '../src/checks/input-error.ts'
import { isObject } from '../src/checks/shape.ts'
import { show } from '../src/core/expect.ts'
import { duration } from '../src/report/figures/figures.ts'
import { statedLimitsShape } from '../src/scenario/limit-text.ts'
import type { Profile } from '../src/scenario/profile.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import { sweptScenario } from '../src/scenario/sweep.ts'
import { type SwitchRow, valueShape } from '../src/scenario/switch-table.ts'
import { type Switches, switchNames, switchTable } from '../src/scenario/switches.ts'
import { caseKeys, isNumberKey, numberKeysOf, numberOf, withNumber } from './case-numbers.ts'
import type { ClientKnowledge } from './catalogue/client-knowledge.ts'
import { callsBorne, offeredLoad } from './offered-load.ts'

/** Changes of a scenario. They are plain data, because workers apply them again to the scenario that they load. */
export interface Settings {
  /** The name of a profile, or a profile itself. Default: the profile of the scenario. */
  readonly profile?: string | Profile
  /** A list of `key=value`, as `--set` takes them. */
  readonly set: readonly string[]
  /** The loads of a sweep, each a multiple of the load of a case. Default: the scenario's own loads. */
  readonly sweep?: readonly number[]
}

/** The key of `--set` that replaces the limits of the scenario's model, in every case. */
export const limitsKey = 'limits'

/**
 * Returns the scenario with the settings applied. The numbers of a case are checked later, with the whole scenario. In messages
 * `prefix` stands before the name of a setting: `--set` on the command line, `options.set` in a program. Throws an `InputError`
 * that lists every problem.
 */
export function applySettings(scenario: Scenario, { profile, set, sweep }: Settings, prefix = '--'): Scenario {
  const problems: string[] = []
  let changed = scenario
  if (profile !== undefined) {
    for (const problem of givenProfile(`${prefix}profile`, profile)) problems.push(problem)
    changed = { ...scenario, world: { ...scenario.world, profile } }
  }
  for (const setting of set) {
    const applied = applyOne(changed, setting, `${prefix}set`)
    if (typeof applied === 'string') problems.push(applied)
    else changed = applied
  }
  if (problems.length > 0) throw inputErrorOf(problems, 'SETTING_INVALID')
  return sweep ? sweptScenario(changed, sweep) : changed
}

/** Returns the scenario with one setting applied, or the problem with the setting. */
function applyOne(scenario: Scenario, setting: string, field: string): Scenario | string {
  const separator = setting.indexOf('=')
  if (separator < 1) return `Expected \`${field}\` to be key=value, got ${show(setting)}`
  const key = setting.slice(0, separator)
  const text = setting.slice(separator + 1)
  const name = switchNames.find((known) => known === key)
  if (name) return withSwitch(scenario, name, text, `${field} ${name}`)
  if (key === limitsKey) return withLimits(scenario, text, `${field} ${key}`)
  if (isNumberKey(key)) return withCaseValue(scenario, key, text, `${field} ${key}`)
  const ofCases = scenario.cases.flatMap((each) => numberKeysOf(each, scenario.world))
  const hint = didYouMean(key, [...new Set([...switchNames, limitsKey, ...caseKeys, ...ofCases])])
  return `Expected \`${field}\` to change a known key, got ${show(key)}${hint} (ratelab list --settings shows all keys)`
}

function withSwitch(scenario: Scenario, name: keyof Switches, text: string, field: string): Scenario | string {
  const { value, problems } = readSwitch(switchTable[name], field, text)
  if (problems.length > 0) return problems.join('\n')
  return { ...scenario, world: { ...scenario.world, switches: { ...scenario.world.switches, [name]: value } } }
}

/** Reads a value that a user typed for a switch. Returns it with its problems; their sentences name the switch by `field`. */
export function readSwitch(row: SwitchRow, field: string, typed: string) {
  const value = typeof row.default === 'string' ? typed : parseValue(typed)
  return { value, problems: valueShape(row)(field, value) }
}

/** Replaces the limits of every case. */
function withLimits(scenario: Scenario, limits: string, field: string): Scenario | string {
  const problems = statedLimitsShape(field, limits)
  if (problems.length > 0) return problems.join('\n')
  return {
    ...scenario,
    world: { ...scenario.world, limits },
    cases: scenario.cases.map((each) => (each.world ? { ...each, world: { ...each.world, limits } } : each)),
  }
}

function withCaseValue(scenario: Scenario, key: string, text: string, field: string): Scenario | string {
  const value = parseValue(text)
  if (typeof value !== 'number') return `Expected \`${field}\` to be a number, got ${show(text)}`
  if (scenario.cases.some((each) => numberOf(each, scenario.world, key) !== undefined))
    return withNumber(scenario, key, value)
  return `Expected \`${field}\` to change a number that a case of ${scenario.name} has, but no case has it`
}

/** Reads a typed value. `true`, `on`, `false` and `off` give a boolean, a number gives a number, and any other text stays a text. */
function parseValue(text: string): unknown {
  if (text === 'true' || text === 'on') return true
  if (text === 'false' || text === 'off') return false
  if (text === 'Infinity') return Infinity
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
}

// A number in a title would be wrong after `--set` has changed it. So a title has the key in braces, and the number is put in its
// place: `{arrivals.calls} calls at once`. Besides the keys of `--set` it may have the names of figures of the quota.

/**
 * Figures of the quota of one account at the run's start: the most calls in any second, the most in any minute, the load of
 * `arrivals.perSecond` as a percentage of the limit that it fills most, and what that limit counts.
 */
const quotaNames = ['quota.second', 'quota.minute', 'quota.share', 'quota.unit'] as const
const needsRate: readonly string[] = ['quota.share', 'quota.unit']

const instants =
  /^(patience|horizon|serverWait|joinEvery|leaveAfter|events\.\d+\.(at|repeat\.every)|(.+\.)?arrivals\.(until|at|on|off|think|period|peak|lasts|decay|pause))$/
const placeholder = /\{([^{}]*)\}/g

/** Returns a sentence for each name in braces, in a case's title, that is not a figure of this case. `world`: that of its scenario. */
export function titleProblems(field: string, chosen: unknown, world: unknown): string[] {
  if (!isObject(chosen) || typeof chosen.title !== 'string') return []
  const known = namesOf(chosen, world)
  return [...chosen.title.matchAll(placeholder)]
    .filter(([, name]) => !known.includes(name!) && numberOf(chosen, world, name!) === undefined)
    .map(
      ([, name]) =>
        `Expected \`${field}\` to have only these names in braces: ${known.join(', ')}, got {${name}}${didYouMean(name!, known)}`,
    )
}

/** Returns the title with each name in braces replaced by its figure. */
export function titleOf(chosen: Case, knowledge: ClientKnowledge): string {
  return chosen.title.replace(placeholder, (_, name: string) => figureOf(name, chosen, knowledge))
}

function namesOf(chosen: unknown, world: unknown): string[] {
  const own = numberKeysOf(chosen, world)
  const hasRate = own.includes('arrivals.perSecond')
  return [...own, ...quotaNames.filter((name) => hasRate || !needsRate.includes(name))]
}

function figureOf(name: string, chosen: Case, knowledge: ClientKnowledge): string {
  if (name === 'quota.second') return numberText(callsBorne(1000, chosen, knowledge))
  if (name === 'quota.minute') return numberText(callsBorne(60_000, chosen, knowledge))
  if (needsRate.includes(name)) {
    const { unit, share } = offeredLoad(numberOf(chosen, knowledge.world, 'arrivals.perSecond')!, chosen, knowledge)
    return name === 'quota.unit' ? unit : `${numberText(100 * share, 1)} %`
  }
  const value = numberOf(chosen, knowledge.world, name)!
  return instants.test(name) ? duration(value) : numberText(value)
}

/** Returns the number as a text such as `2,000` or `5.5`. */
function numberText(value: number, decimals = 6): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals })
}
