import type { Profile } from '../sim/profiles/profile.ts'
import { InputError } from '../src/checks/input-error.ts'
import type { Target } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'
import type { World } from '../src/scenario/world.ts'

/** What a client may know when its options are chosen: the documented limits, its own keys, a proxy's address. */
export interface Known {
  readonly world: World
  readonly profile: Profile
  readonly model: string
}

/** Where calls go unless a strategy sends them elsewhere: the first account's first key. */
export function targetOf({ world, model }: Known): Target {
  return { endpoint: 'dashscope', key: world.accounts[0]!.keys[0]!, model }
}

/** The tightest request limit of the model, as calls a second. */
export function perSecond({ profile, model }: Known): number {
  const requests = profile.models[model]!.limits.filter(({ rule }) => rule === 'rps' || rule === 'rpm')
  return Math.min(...requests.map(({ limit, window }) => (1000 * limit) / window))
}

/** The most calls that the model's request limits let through in any window of this length. */
export function callsIn(window: Millis, { profile, model }: Known): number {
  const requests = profile.models[model]!.limits.filter(({ rule }) => rule === 'rps' || rule === 'rpm')
  return Math.min(...requests.map((own) => own.limit * Math.ceil(window / own.window)))
}

export function perMinute(known: Known): number {
  return 60 * perSecond(known)
}

export function ownKeys({ world }: Known): readonly string[] {
  return world.accounts[0]!.keys
}

/** The accounts that the client owns: those that no gateway pools. */
export function ownAccounts({ world }: Known): World['accounts'] {
  const pooled = new Set(world.gateways?.flatMap(({ accounts }) => accounts))
  const own = world.accounts.filter(({ name }) => !pooled.has(name))
  if (own.length > 1) return own
  throw new InputError(
    'Expected the world to have two accounts or more outside its gateways for rotation, got 1: add an account, or leave rotation out',
  )
}

export function accountKeys(known: Known): string[] {
  return ownAccounts(known).map(({ keys }) => keys[0]!)
}

export function gatewayOf({ world }: Known): NonNullable<World['gateways']>[number] {
  const first = world.gateways?.[0]
  if (first) return first
  throw new InputError(
    'Expected the world to have a gateway for the proxy strategy, got none: add one under `world.gateways`, or leave the strategy out',
  )
}
