import { profiles } from '../sim/profiles/profiles.ts'
import { didYouMean } from '../src/checks/did-you-mean.ts'
import { inputErrorOf } from '../src/checks/input-error.ts'
import { isObject, oneOf } from '../src/checks/shape.ts'
import { show } from '../src/core/expect.ts'
import { duration } from '../src/report/figures/figures.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import { type SwitchRow, valueShape } from '../src/scenario/switch-table.ts'
import { type Switches, switchNames, switchTable } from '../src/scenario/switches.ts'
import { type ClientKnowledge, callsIn, callsPerSecond } from './client-knowledge.ts'

/** What is changed of a scenario. Plain data: workers apply it again to the scenario they load. */
export interface Settings {
  /** Default: the profile of the scenario. */
  readonly profile?: string
  /** `key=value` each, as `--set` takes it. */
  readonly set: readonly string[]
}

/** The numbers of a case that `--set` reaches, in every case that has them. */
export const caseKeys: readonly string[] = [
  'patience',
  'horizon',
  'maxTokens',
  'serverWait',
  'arrivals.calls',
  'arrivals.perSecond',
  'arrivals.until',
  'arrivals.before',
  'arrivals.after',
  'arrivals.at',
  'arrivals.on',
  'arrivals.off',
  'arrivals.speed',
  'lengths.prompt',
  'lengths.output',
  'lengths.prompt.median',
  'lengths.prompt.spread',
  'lengths.prompt.most',
  'lengths.output.median',
  'lengths.output.spread',
  'lengths.output.most',
]

/**
 * The scenario with the settings put over it. Values are checked later, with the whole scenario. Messages call a setting by
 * `prefix` and its name: `--set` on the command line, `options.set` in a program.
 */
export function applySettings(scenario: Scenario, { profile, set }: Settings, prefix = '--'): Scenario {
  const problems: string[] = []
  let changed = scenario
  if (profile !== undefined) {
    problems.push(...oneOf(Object.keys(profiles))(`${prefix}profile`, profile))
    changed = { ...scenario, world: { ...scenario.world, profile } }
  }
  for (const setting of set) {
    const applied = applyOne(changed, setting, `${prefix}set`)
    if (typeof applied === 'string') problems.push(applied)
    else changed = applied
  }
  if (problems.length > 0) throw inputErrorOf(problems, 'SETTING_INVALID')
  return changed
}

/** The scenario with one setting put over it, or what is wrong with the setting. */
function applyOne(scenario: Scenario, setting: string, field: string): Scenario | string {
  const at = setting.indexOf('=')
  if (at < 1) return `Expected \`${field}\` to be key=value, got ${show(setting)}`
  const key = setting.slice(0, at)
  const text = setting.slice(at + 1)
  const name = switchNames.find((known) => known === key)
  if (name) return withSwitch(scenario, name, text, `${field} ${name}`)
  if (caseKeys.includes(key)) return withCaseValue(scenario, key, text, `${field} ${key}`)
  const hint = didYouMean(key, [...switchNames, ...caseKeys])
  return `Expected a key that \`${field}\` knows, got ${show(key)}${hint} (ratelab list --settings shows them all)`
}

function withSwitch(scenario: Scenario, name: keyof Switches, text: string, field: string): Scenario | string {
  const { value, problems } = readSwitch(switchTable[name], field, text)
  if (problems.length > 0) return problems.join('\n')
  return { ...scenario, world: { ...scenario.world, switches: { ...scenario.world.switches, [name]: value } } }
}

/** Reads the value that was typed for a switch, with its problems. `field` names the switch in their sentences. */
export function readSwitch(row: SwitchRow, field: string, typed: string) {
  const value = typeof row.default === 'string' ? typed : literal(typed)
  return { value, problems: valueShape(row)(field, value) }
}

function withCaseValue(scenario: Scenario, key: string, text: string, field: string): Scenario | string {
  const value = literal(text)
  if (typeof value !== 'number') return `Expected \`${field}\` to be a number, got ${show(text)}`
  const has = (chosen: Case) => numberAt(chosen, key) !== undefined
  if (!scenario.cases.some(has)) return `Expected a key that a case of \`${scenario.name}\` has, got ${show(key)}`
  const path = key.split('.')
  return { ...scenario, cases: scenario.cases.map((c) => (has(c) ? (put(c, path, value) as Case) : c)) }
}

/** The number that a case has under a key; undefined where it has none. */
export function numberAt(chosen: unknown, key: string): number | undefined {
  const value = key
    .split('.')
    .reduce<unknown>(
      (fields, name) => (isObject(fields) && Object.hasOwn(fields, name) ? fields[name] : undefined),
      chosen,
    )
  return typeof value === 'number' ? value : undefined
}

function put(value: unknown, [first, ...rest]: readonly string[], leaf: number): unknown {
  if (first === undefined) return leaf
  const fields = value as Record<string, unknown>
  return { ...fields, [first]: put(fields[first], rest, leaf) }
}

/** A value as it is typed: a number, a switch that is on or off, or a word. */
function literal(text: string): unknown {
  if (text === 'true' || text === 'on') return true
  if (text === 'false' || text === 'off') return false
  if (text === 'Infinity') return Infinity
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
}

// A title that states numbers would go on to state them when `--set` has changed them. So it names them in braces:
// `{arrivals.calls} calls at once`, by the keys of `--set`, and what the quota bears beside them.

/** What the quota of one account bears at the run's start: the most calls in any second and minute, and the share of it that is asked for. */
const quotaNames = ['quota.second', 'quota.minute', 'quota.share'] as const

const instants = /^(patience|horizon|serverWait|arrivals\.(until|at|on|off))$/
const placeholder = /\{([^{}]*)\}/g

/** Every name in a case's title that stands for no figure of this case. */
export function titleProblems(field: string, chosen: unknown): string[] {
  if (!isObject(chosen) || typeof chosen.title !== 'string') return []
  const known = namesOf(chosen)
  return [...chosen.title.matchAll(placeholder)]
    .filter(([, name]) => !known.includes(name!))
    .map(
      ([, name]) =>
        `Expected \`${field}\` to name in braces nothing but ${known.join(', ')}, got {${name}}${didYouMean(name!, known)}`,
    )
}

/** The title with the figures in it, as they are after all settings. */
export function titleOf(chosen: Case, knowledge: ClientKnowledge): string {
  return chosen.title.replace(placeholder, (_, name: string) => figureOf(name, chosen, knowledge))
}

function namesOf(chosen: unknown): string[] {
  const own = caseKeys.filter((key) => numberAt(chosen, key) !== undefined)
  const asked = own.includes('arrivals.perSecond')
  return [...own, ...quotaNames.filter((name) => asked || name !== 'quota.share')]
}

function figureOf(name: string, chosen: Case, knowledge: ClientKnowledge): string {
  if (name === 'quota.second') return plain(callsIn(1000, knowledge))
  if (name === 'quota.minute') return plain(callsIn(60_000, knowledge))
  if (name === 'quota.share')
    return `${plain((100 * numberAt(chosen, 'arrivals.perSecond')!) / callsPerSecond(knowledge), 1)} %`
  const value = numberAt(chosen, name)!
  return instants.test(name) ? duration(value) : plain(value)
}

/** As one would write it: `2,000`, `5.5`. */
function plain(value: number, decimals = 6): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals })
}
