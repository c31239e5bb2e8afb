import {
  type Checks,
  distinct,
  type Fields,
  isObject,
  list,
  number,
  object,
  oneOf,
  optional,
  repeated,
  type Shape,
  shapeOf,
  text,
} from '../../src/checks/shape.ts'
import { show } from '../../src/core/expect.ts'
import { accountsShape, hardLimitsShape, type References } from '../../src/scenario/accounts.ts'
import { batchEndpoint } from '../../src/scenario/batch-chat.ts'
import { statedLimitsShape } from '../../src/scenario/limit-text.ts'
import { longestHorizon } from '../../src/scenario/replay-end.ts'
import { switchesShape } from '../../src/scenario/switches.ts'
import type { GatewaySpec, World } from '../../src/scenario/world.ts'
import { givenProfile, profileOf } from '../profiles/profiles.ts'
import { backgroundShape } from './background-shape.ts'
import { limitChangeShape } from './limit-change-shape.ts'

/**
 * Returns a sentence for each problem with a world in which `model` is called. The sentence names the path of the field. A value
 * without problems is a `World`.
 */
export function worldProblems(world: unknown, field: string, model: string): string[] {
  const references = referencesIn(world, model)
  const check = object({
    profile: givenProfile,
    accounts: (path, accounts) => [...accountsShape(references)(path, accounts), ...accountClashes(path, accounts)],
    gateways: optional((path, gateways) => [
      ...list(gatewayShape(references))(path, gateways),
      ...repeated(path, gateways, '.endpoint', (each) => (isObject(each) ? each.endpoint : undefined)),
    ]),
    limits: optional(statedLimitsShape),
    background: optional(backgroundShape(references)),
    events: optional(list(limitChangeShape(references))),
    switches: optional(switchesShape),
  } satisfies Checks<World>)
  return [...check(field, world), ...references.model('model', model)]
}

/**
 * Returns the shapes of the names to which the parts of a world may refer. When the profile or the accounts are wrong, any name is
 * accepted, so that the same problem is not reported again.
 */
function referencesIn(world: unknown, model: string): References {
  const { profile, accounts, limits } = (isObject(world) ? world : {}) as Fields
  const ofProfile =
    givenProfile('profile', profile).length === 0
      ? Object.keys(profileOf(profile as World['profile']).models)
      : undefined
  // Limits that the world states add their model to the profile.
  const models = limits === undefined ? ofProfile : ofProfile && [...new Set([...ofProfile, model])]
  const names = itemsOf(accounts)
    .map(nameOf)
    .filter((name) => typeof name === 'string')
  return {
    account: names.length > 0 ? oneOf(names) : text,
    model: models ? oneOf(models) : text,
  }
}

/** The endpoints of the provider itself. No gateway may have one of these. */
const ownEndpoints: readonly unknown[] = ['dashscope', batchEndpoint]

const endpoint: Shape<string> = shapeOf(
  (field, value) =>
    ownEndpoints.includes(value)
      ? [`Expected \`${field}\` to differ from the endpoints of the provider itself, got ${show(value)}`]
      : text(field, value),
  text.schema,
)

function gatewayShape({ account }: References): Shape<GatewaySpec> {
  // Simulated time has whole milliseconds, so a gateway cannot change its state more often than once a millisecond.
  const mean = number({ atLeast: 1 })
  return object({
    endpoint,
    accounts: distinct(list(account, 1)),
    balance: oneOf(['round-robin', 'least-busy']),
    failover: number({ atLeast: 0, whole: true }),
    customerLimits: optional(hardLimitsShape),
    hopDelay: number({ atLeast: 0, atMost: longestHorizon, whole: true }),
    priceFactor: number({ atLeast: 0, atMost: 1_000_000 }),
    outages: optional(object({ meanUp: mean, meanDown: mean } satisfies Checks<NonNullable<GatewaySpec['outages']>>)),
  } satisfies Checks<GatewaySpec>)
}

/** Returns the problems between accounts: names that occur twice, and keys that are in more than one account or workspace. */
export function accountClashes(field: string, accounts: unknown): string[] {
  return [
    ...repeated(field, accounts, '.name', nameOf),
    ...itemsOf(accounts).flatMap((spec, i) =>
      isObject(spec) ? repeated(`${field}[${i}].workspaces`, spec.workspaces, '.name', nameOf) : [],
    ),
    ...keyClashes(field, accounts),
  ]
}

/** One occurrence of a key in the list of an account, or of one of its workspaces. `account` and `workspace` are indexes. */
interface KeyUse {
  readonly key: string
  readonly account: number
  readonly workspace: number | undefined
  readonly path: string
}

/** A key may be in one account only. A workspace may list keys of its own account, but no key of another workspace. */
function keyClashes(field: string, accounts: unknown): string[] {
  const lastUses = new Map<string, KeyUse>()
  return keyUsesIn(field, accounts).flatMap((use) => {
    const { key, path } = use
    const last = lastUses.get(key)
    lastUses.set(key, use)
    if (!last || !conflicts(last, use)) return []
    const owner = last.account === use.account ? 'workspace' : 'account'
    return [`Expected \`${path}\` to be a key of one ${owner}, got the key of \`${last.path}\``]
  })
}

function conflicts(a: KeyUse, b: KeyUse): boolean {
  if (a.account !== b.account) return true
  return a.workspace !== undefined && b.workspace !== undefined && a.workspace !== b.workspace
}

/** Returns every use of a key, in the order of the file. Values that are not texts are left out; the shape reports them. */
function keyUsesIn(field: string, accounts: unknown): KeyUse[] {
  return itemsOf(accounts).flatMap((spec, account) => {
    if (!isObject(spec)) return []
    const path = `${field}[${account}]`
    const own = keysOf(spec.keys).map(({ key, at }) => ({
      key,
      account,
      workspace: undefined,
      path: `${path}.keys[${at}]`,
    }))
    const inWorkspaces = itemsOf(spec.workspaces).flatMap((each, workspace) =>
      keysOf(isObject(each) ? each.keys : undefined).map(({ key, at }) => {
        return { key, account, workspace, path: `${path}.workspaces[${workspace}].keys[${at}]` }
      }),
    )
    return [...own, ...inWorkspaces]
  })
}

function keysOf(value: unknown): { readonly key: string; readonly at: number }[] {
  return itemsOf(value).flatMap((key, at) => (typeof key === 'string' ? [{ key, at }] : []))
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function nameOf(value: unknown): unknown {
  return isObject(value) ? value.name : undefined
}
