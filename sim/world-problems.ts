import { show } from '../src/core/expect.ts'
import type { Limit } from '../src/core/limit.ts'
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
} from '../src/core/shape.ts'
import type { AccountSpec, GatewaySpec, LimitChange, Switches, WorkspaceSpec, World } from '../src/core/world.ts'
import { keyProblems } from './key-problems.ts'
import { profiles } from './profiles/profiles.ts'
import { switchNames, switchProblem } from './switches.ts'

/** Every problem with a world in which `model` is called, each a sentence that names its path; none: it is a `World`. */
export function worldProblems(world: unknown, field: string, model: string): string[] {
  const known = knownIn(world)
  const check = object<World>({
    profile: oneOf(Object.keys(profiles)),
    accounts: (path, accounts) => [
      ...list(accountCheck(known), 1)(path, accounts),
      ...repeated(path, accounts, '.name', nameOf),
      ...keyProblems(path, accounts),
    ],
    gateways: optional((path, gateways) => [
      ...list(gatewayCheck(known))(path, gateways),
      ...repeated(path, gateways, '.endpoint', (each) => (isObject(each) ? each.endpoint : undefined)),
    ]),
    events: optional(list(eventCheck(known))),
    switches: optional(switches),
  })
  return [...check(field, world), ...known.model('model', model)]
}

/** What the parts of a world refer to. Nothing is checked against a part that is itself unknown: that is told once. */
interface Known {
  readonly account: Check
  readonly model: Check
}

function knownIn(world: unknown): Known {
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
const keys = distinct(list(text, 1))
const limits = list(object<Limit>({ rule: oneOf(['rps', 'rpm', 'tps', 'tpm']), limit: positive, window: positive }))

function accountCheck({ model }: Known): Check {
  const workspace = object<WorkspaceSpec>({ name: text, keys, limits: byModel(model) })
  return object<AccountSpec>({
    name: text,
    keys,
    freeTokens: optional(notNegative),
    stopWhenFreeIsUsed: optional(flag),
    payable: optional(flag),
    arrears: optional(flag),
    workspaces: optional((path, value) => [...list(workspace)(path, value), ...repeated(path, value, '.name', nameOf)]),
  })
}

function byModel(model: Check): Check {
  return (path, value) =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, each]) => [
          ...model(path, name),
          ...limits(`${path}[${show(name)}]`, each),
        ])
      : [`Expected \`${path}\` to be an object, got ${show(value)}`]
}

/** The provider's own address, which no gateway may take. */
const direct = 'dashscope'

function gatewayCheck({ account }: Known): Check {
  // A mean below a millisecond would switch the gateway more often than time has instants.
  const mean = number({ atLeast: 1 })
  return object<GatewaySpec>({
    endpoint: (path, value) =>
      value === direct
        ? [`Expected \`${path}\` to differ from the provider’s own address, got ${show(value)}`]
        : text(path, value),
    accounts: distinct(list(account, 1)),
    balance: oneOf(['round-robin', 'least-busy']),
    failover: notNegative,
    customerLimits: optional(limits),
    hopDelay: notNegative,
    priceFactor: number({ atLeast: 0 }),
    outages: optional(object<NonNullable<GatewaySpec['outages']>>({ meanUp: mean, meanDown: mean })),
  })
}

function eventCheck({ account, model }: Known): Check {
  return object<LimitChange>({ at: notNegative, account, model, factor: number({ atLeast: 1 }) })
}

/** A switch that is there must have a value: an `undefined` would hide the default. */
const switches: Check = (path, value) => {
  if (!isObject(value)) return [`Expected \`${path}\` to be an object, got ${show(value)}`]
  const present = switchNames.filter((name: keyof Switches) => Object.hasOwn(value, name))
  return [
    ...unknownFields(path, value, switchNames),
    ...present.flatMap((name) => switchProblem(name, value[name], `${path}.${name}`) ?? []),
  ]
}

function nameOf(value: unknown): unknown {
  return isObject(value) ? value.name : undefined
}
