import { profiles } from '../sim/profiles/profiles.ts'
import { InputError } from '../src/checks/input-error.ts'
import { didYouMean } from '../src/checks/nearest.ts'
import { isObject } from '../src/checks/shape.ts'
import { duration } from '../src/report/figures/figures.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import { type SwitchRow, valueShape } from '../src/scenario/switch-table.ts'
import { type Switches, switchNames, switchTable } from '../src/scenario/switches.ts'
import { type ClientKnowledge, callsIn, callsPerSecond } from './client-knowledge.ts'

/** What the command line changes of a scenario. Plain data: workers apply it again to the scenario they load. */
export interface Settings {
  readonly profile?: string
  /** `key=value`, as typed. */
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

/** The scenario with the settings put over it. Values are checked later, with the whole scenario. */
export function applySettings(scenario: Scenario, { profile, set }: Settings): Scenario {
  if (profile !== undefined && !Object.hasOwn(profiles, profile)) throw new InputError(unknownProfile(profile))
  let changed = profile === undefined ? scenario : { ...scenario, world: { ...scenario.world, profile } }
  for (const setting of set) changed = applyOne(changed, setting)
  return changed
}

function unknownProfile(profile: string): string {
  const known = Object.keys(profiles)
  return `Expected \`--profile\` to be one of ${known.join(', ')}, got ${JSON.stringify(profile)}${didYouMean(profile, known)}`
}

function applyOne(scenario: Scenario, setting: string): Scenario {
  const at = setting.indexOf('=')
  if (at < 1)
    throw new InputError(`Expected \`--set\` to be key=value, got ${JSON.stringify(setting)}`, 'SETTING_INVALID')
  const key = setting.slice(0, at)
  const text = setting.slice(at + 1)
  const name = switchNames.find((known) => known === key)
  if (name) return withSwitch(scenario, name, text)
  if (caseKeys.includes(key)) return withCaseValue(scenario, key, text)
  const hint = didYouMean(key, [...switchNames, ...caseKeys])
  throw new InputError(
    `Expected a key that \`--set\` knows, got ${JSON.stringify(key)}${hint} (ratelab list --settings shows them all)`,
    'SETTING_INVALID',
  )
}

function withSwitch(scenario: Scenario, name: keyof Switches, text: string): Scenario {
  const { value, problems } = readSwitch(switchTable[name], `--set ${name}`, text)
  if (problems.length > 0) throw new InputError(problems.join('\n'), 'SETTING_INVALID')
  return { ...scenario, world: { ...scenario.world, switches: { ...scenario.world.switches, [name]: value } } }
}

/** The value that was typed for a switch, and what is wrong with it; `field` is what a message calls the switch. */
export function readSwitch(row: SwitchRow, field: string, typed: string) {
  const value = typeof row.default === 'string' ? typed : literal(typed)
  return { value, problems: valueShape(row)(field, value) }
}

function withCaseValue(scenario: Scenario, key: string, text: string): Scenario {
  const value = literal(text)
  if (typeof value !== 'number')
    throw new InputError(`Expected \`--set ${key}\` to be a number, got ${JSON.stringify(text)}`, 'SETTING_INVALID')
  const has = (chosen: Case) => numberAt(chosen, key) !== undefined
  if (!scenario.cases.some(has))
    throw new InputError(
      `Expected a key that a case of \`${scenario.name}\` has, got ${JSON.stringify(key)}`,
      'SETTING_INVALID',
    )
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
