import { isObject } from '../src/checks/shape.ts'
import { type Case, caseWorldParts, type Scenario } from '../src/scenario/scenario.ts'

const arrivals = [
  'calls',
  'workers',
  'think',
  'perSecond',
  'cv',
  'until',
  'before',
  'after',
  'at',
  'on',
  'off',
  'swing',
  'period',
  'peak',
  'factor',
  'lasts',
  'decay',
  'turns',
  'pause',
  'context',
  'speed',
].map((name) => `arrivals.${name}`)

const lengths = [
  'prompt',
  'output',
  'prompt.median',
  'prompt.spread',
  'prompt.most',
  'output.median',
  'output.spread',
  'output.most',
].map((name) => `lengths.${name}`)

/** The keys of the numbers that a case itself has. */
export const caseKeys: readonly string[] = [
  'patience',
  'horizon',
  'maxTokens',
  'serverWait',
  'processes',
  'joinEvery',
  'leaveAfter',
  ...arrivals,
  ...lengths,
]

/** The keys of the numbers that an item of one of its lists has, and whether an item has arrivals and lengths besides. */
export const listKeys: Readonly<Record<string, { readonly own: readonly string[]; readonly hasTraffic: boolean }>> = {
  tenants: { own: ['share', 'priority'], hasTraffic: true },
  background: { own: ['maxTokens'], hasTraffic: true },
  events: { own: ['at', 'factor', 'to', 'repeat.every', 'repeat.times'], hasTraffic: false },
}

/** Whether this is the key of a number of a case: one of `caseKeys`, or `tenants.0.share`, with the place of an item in its list, from 0. */
export function isNumberKey(key: string): boolean {
  if (caseKeys.includes(key)) return true
  const [, list = '', ofItem = ''] = /^(\w+)\.\d+\.(.+)$/.exec(key) ?? []
  return Object.hasOwn(listKeys, list) && keysOfItem(list).includes(ofItem)
}

function keysOfItem(list: string): readonly string[] {
  const { own, hasTraffic } = listKeys[list]!
  return hasTraffic ? [...own, ...arrivals, ...lengths] : own
}

/** The most items of a list that a message names. */
const itemsNamed = 5

/** Returns the keys of the numbers that a case in this world has, those of the first items of its lists among them. */
export function numberKeysOf(chosen: unknown, world: unknown): string[] {
  const places = Array.from({ length: itemsNamed }, (_, place) => place)
  const ofItems = Object.keys(listKeys).flatMap((list) =>
    places.flatMap((place) => keysOfItem(list).map((key) => `${list}.${place}.${key}`)),
  )
  return [...caseKeys, ...ofItems].filter((key) => numberOf(chosen, world, key) !== undefined)
}

/** Returns the number that a case has under a key such as `arrivals.calls`, or undefined when it has none. `world`: that of its scenario. */
export function numberOf(chosen: unknown, world: unknown, key: string): number | undefined {
  if (!isNumberKey(key) || !isObject(chosen)) return undefined
  return numberAt({ ...chosen, world: { ...fieldsOf(world), ...fieldsOf(chosen.world) } }, pathOf(key))
}

/** Returns the scenario with this number in every case that has one under the key. */
export function withNumber(scenario: Scenario, key: string, number: number): Scenario {
  const path = pathOf(key)
  const changed = <T extends Scenario | Case>(owner: T): T =>
    numberAt(owner, path) === undefined ? owner : (withNumberAt(owner, path, number) as T)
  return { ...changed(scenario), cases: scenario.cases.map(changed) }
}

function pathOf(key: string): readonly string[] {
  const path = key.split('.')
  return caseWorldParts.some((part) => part === path[0]) ? ['world', ...path] : path
}

function numberAt(value: unknown, path: readonly string[]): number | undefined {
  const found = path.reduce<unknown>((within, name) => {
    const fields = fieldsOf(within)
    return Object.hasOwn(fields, name) ? fields[name] : undefined
  }, value)
  return typeof found === 'number' ? found : undefined
}

/** Returns a copy of the value that has this number at the path. */
function withNumberAt(value: unknown, [name, ...path]: readonly string[], number: number): unknown {
  if (name === undefined) return number
  if (Array.isArray(value)) return value.with(Number(name), withNumberAt(value[Number(name)], path, number))
  const fields = fieldsOf(value)
  return { ...fields, [name]: withNumberAt(fields[name], path, number) }
}

/** Returns the fields of an object, or the items of a list by their places. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
