import {
  type Check,
  distinct,
  type Fields,
  flag,
  isObject,
  list,
  number,
  object,
  oneOf,
  optional,
  repeated,
  text,
  unknownFields,
} from '../../src/checks/shape.ts'
import { show } from '../../src/core/expect.ts'
import type { Limit } from '../../src/core/limit.ts'
import type { AccountSpec, GatewaySpec, LimitChange, WorkspaceSpec, World } from '../../src/scenario/world.ts'
import { profiles } from '../profiles/profiles.ts'
import { switchNames, switchProblem } from '../switches/provider-switches.ts'
import { keyProblems, sendable } from './key-problems.ts'

/** Every problem with a world in which `model` is called, each a sentence that names its path; none: it is a `World`. */
export function worldProblems(world: unknown, field: string, model: string): string[] {
  const references = referencesIn(world)
  const check = object<World>({
    profile: oneOf(Object.keys(profiles)),
    accounts: (path, accounts) => [
      ...accountsCheck(references.model)(path, accounts),
      ...accountClashes(path, accounts),
    ],
    gateways: optional((path, gateways) => [
      ...list(gatewayCheck(references))(path, gateways),
      ...repeated(path, gateways, '.endpoint', (each) => (isObject(each) ? each.endpoint : undefined)),
    ]),
    events: optional(list(eventCheck(references))),
    switches: optional(switchesCheck),
  })
  return [...check(field, world), ...references.model('model', model)]
}

/** What the parts of a world refer to. Nothing is checked against a part that is itself unknown: that is told once. */
interface References {
  readonly account: Check
  readonly model: Check
}

function referencesIn(world: unknown): References {
  const { profile, accounts } = (isObject(world) ? world : {}) as Fields
  const chosen = typeof profile === 'string' && Object.hasOwn(profiles, profile) ? profiles[profile] : undefined
  const names = Array.isArray(accounts) ? accounts.map(nameOf).filter((name) => typeof name === 'string') : []
  return {
    account: names.length > 0 ? oneOf(names) : text,
    model: chosen ? oneOf(Object.keys(chosen.models)) : text,
  }
}

const positive = number({ above: 0, whole: true })
const notNegative = number({ atLeast: 0, whole: true })
const keys = distinct(list(sendable, 1))
const limitList = list(object<Limit>({ rule: oneOf(['rps', 'rpm', 'tps', 'tpm']), limit: positive, window: positive }))

/** A list of limits, of which no two speak of the same window. */
export const limitsCheck: Check = (path, value) => [...limitList(path, value), ...repeated(path, value, '', windowOf)]

/** Accounts, each for itself, with `model` to check the names of models. */
export function accountsCheck(model: Check): Check {
  const workspace = object<WorkspaceSpec>({ name: text, keys, limits: limitsByModel(model) })
  const account = object<AccountSpec>({
    name: text,
    keys,
    freeTokens: optional(notNegative),
    stopWhenFreeIsUsed: optional(flag),
    payable: optional(flag),
    arrears: optional(flag),
    workspaces: optional(list(workspace)),
  })
  return list(account, 1)
}

/** What is wrong between accounts: names that come twice, keys that belong to more than one. */
export function accountClashes(field: string, accounts: unknown): string[] {
  const each = Array.isArray(accounts) ? accounts : []
  return [
    ...repeated(field, accounts, '.name', nameOf),
    ...each.flatMap((spec, i) =>
      isObject(spec) ? repeated(`${field}[${i}].workspaces`, spec.workspaces, '.name', nameOf) : [],
    ),
    ...keyProblems(field, accounts),
  ]
}

export function limitsByModel(model: Check): Check {
  return (path, value) =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, each]) => [
          ...model(path, name),
          ...limitsCheck(`${path}[${show(name)}]`, each),
        ])
      : [`Expected \`${path}\` to be an object, got ${show(value)}`]
}

/** The provider's own address, which no gateway may take. */
const directEndpointName = 'dashscope'

function gatewayCheck({ account }: References): Check {
  // A mean below a millisecond would switch the gateway more often than time has instants.
  const mean = number({ atLeast: 1 })
  return object<GatewaySpec>({
    endpoint: (path, value) =>
      value === directEndpointName
        ? [`Expected \`${path}\` to differ from the provider’s own address, got ${show(value)}`]
        : text(path, value),
    accounts: distinct(list(account, 1)),
    balance: oneOf(['round-robin', 'least-busy']),
    failover: notNegative,
    customerLimits: optional(limitsCheck),
    hopDelay: notNegative,
    priceFactor: number({ atLeast: 0 }),
    outages: optional(object<NonNullable<GatewaySpec['outages']>>({ meanUp: mean, meanDown: mean })),
  })
}

function eventCheck({ account, model }: References): Check {
  return object<LimitChange>({ at: notNegative, account, model, factor: number({ atLeast: 1 }) })
}

/** Some switches of a table. A switch that is there must have a value: an `undefined` would hide the default. */
export function chosenCheck<Name extends string>(
  names: readonly Name[],
  problemOf: (name: Name, value: unknown, field: string) => string | undefined,
): Check {
  return (path, value) => {
    if (!isObject(value)) return [`Expected \`${path}\` to be an object, got ${show(value)}`]
    const present = names.filter((name) => Object.hasOwn(value, name))
    return [
      ...unknownFields(path, value, names),
      ...present.flatMap((name) => problemOf(name, value[name], `${path}.${name}`) ?? []),
    ]
  }
}

export const switchesCheck = chosenCheck(switchNames, switchProblem)

function nameOf(value: unknown): unknown {
  return isObject(value) ? value.name : undefined
}

/** What two limits of a list may not share; undefined: it is not references. */
function windowOf(value: unknown): string | undefined {
  const { rule, window } = isObject(value) ? value : {}
  return typeof rule === 'string' && typeof window === 'number' ? `${rule} in ${window} ms` : undefined
}
