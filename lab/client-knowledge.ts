import type { Profile } from '../sim/profiles/profile.ts'
import { profileNamed } from '../sim/profiles/profiles.ts'
import { didYouMean } from '../src/checks/did-you-mean.ts'
import { InputError } from '../src/checks/input-error.ts'
import type { Target } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import type { World } from '../src/scenario/world.ts'

/** What a client may know when its options are chosen: the documented limits, its own keys, a proxy's address. */
export interface ClientKnowledge {
  readonly world: World
  readonly profile: Profile
  readonly model: string
}

/**
 * What a client knows that has one account with these keys, and calls a model of a profile. Throws an `InputError` for a model
 * that the profile does not have.
 */
export function knowledgeOfOneAccount(profileName: string, model: string, keys: readonly string[]): ClientKnowledge {
  const profile = profileNamed(profileName)
  const models = Object.keys(profile.models)
  if (!models.includes(model)) {
    const got = `got ${JSON.stringify(model)}${didYouMean(model, models)}`
    throw new InputError(`Expected \`model\` to be one of ${models.join(', ')}, ${got}`, 'MODEL_UNKNOWN')
  }
  return { world: { profile: profileName, accounts: [{ name: 'main', keys }] }, profile, model }
}

/** What a client may know in a case: its world is the scenario's with the case's differences put over it. */
export function clientKnowledgeOf(scenario: Scenario, chosen: Case): ClientKnowledge {
  const world = { ...scenario.world, ...chosen.world }
  return { world, profile: profileNamed(world.profile), model: scenario.model }
}

/** Where calls go unless a strategy sends them elsewhere: the first account's first key. */
export function targetOf({ world, model }: ClientKnowledge): Target {
  return { endpoint: 'dashscope', key: world.accounts[0]!.keys[0]!, model }
}

/** The tightest request limit of the model, as calls a second. */
export function callsPerSecond({ profile, model }: ClientKnowledge): number {
  const requests = profile.models[model]!.limits.filter(({ rule }) => rule === 'rps' || rule === 'rpm')
  return Math.min(...requests.map(({ limit, window }) => (1000 * limit) / window))
}

/** The most calls that the model's request limits let through in any window of this length. */
export function callsIn(window: Millis, { profile, model }: ClientKnowledge): number {
  const requests = profile.models[model]!.limits.filter(({ rule }) => rule === 'rps' || rule === 'rpm')
  return Math.min(...requests.map((own) => own.limit * Math.ceil(window / own.window)))
}

export function callsPerMinute(knowledge: ClientKnowledge): number {
  return 60 * callsPerSecond(knowledge)
}

export function ownKeys({ world }: ClientKnowledge): readonly string[] {
  return world.accounts[0]!.keys
}

/** The accounts that the client owns: those that no gateway pools. */
export function ownAccounts({ world }: ClientKnowledge): World['accounts'] {
  const pooled = new Set(world.gateways?.flatMap(({ accounts }) => accounts))
  const own = world.accounts.filter(({ name }) => !pooled.has(name))
  if (own.length > 1) return own
  throw new InputError(
    'Expected the world to have two accounts or more outside its gateways for rotation, got 1: add an account, or leave rotation out',
    'STRATEGY_UNSUPPORTED',
  )
}

export function accountKeys(knowledge: ClientKnowledge): string[] {
  return ownAccounts(knowledge).map(({ keys }) => keys[0]!)
}

export function gatewayOf({ world }: ClientKnowledge): NonNullable<World['gateways']>[number] {
  const first = world.gateways?.[0]
  if (first) return first
  throw new InputError(
    'Expected the world to have a gateway for the proxy strategy, got none: add one under `world.gateways`, or leave the strategy out',
    'STRATEGY_UNSUPPORTED',
  )
}
