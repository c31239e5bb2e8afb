import { altered } from '../../sim/profiles/altered.ts'
import { profileOf } from '../../sim/profiles/profiles.ts'
import { didYouMean } from '../../src/checks/did-you-mean.ts'
import { InputError } from '../../src/checks/input-error.ts'
import type { Target } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import { show } from '../../src/core/expect.ts'
import { minimum } from '../../src/core/extremes.ts'
import { type Limit, limitsOn, type Unit } from '../../src/core/limit.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import type { Case, Scenario } from '../../src/scenario/scenario.ts'
import type { World } from '../../src/scenario/world.ts'

/** The facts from which a client's options may be derived: the documented limits, the client's own keys, and a gateway's address. */
export interface ClientKnowledge {
  readonly world: World
  readonly profile: Profile
  readonly model: string
}

/**
 * Returns the knowledge of a client that has one account with these keys, and calls one model of a profile. Throws an `InputError`
 * for a model that the profile does not have.
 */
export function knowledgeOfOneAccount(profileName: string, model: string, keys: readonly string[]): ClientKnowledge {
  const profile = profileOf(profileName)
  const models = Object.keys(profile.models)
  if (!models.includes(model)) {
    const got = `got ${show(model)}${didYouMean(model, models)}`
    throw new InputError(`Expected \`model\` to be one of ${models.join(', ')}, ${got}`, 'MODEL_UNKNOWN')
  }
  return { world: { profile: profileName, accounts: [{ name: 'main', keys }] }, profile, model }
}

/**
 * Returns the knowledge of a client in a case. Its world is the scenario's, with the parts replaced that the case gives. Limits that it states are
 * those of the profile from then on.
 */
export function clientKnowledgeOf(
  { world: shared, model }: Pick<Scenario, 'world' | 'model'>,
  chosen: Case,
): ClientKnowledge {
  const { limits, ...world } = { ...shared, ...chosen.world }
  const given = profileOf(world.profile)
  const profile = limits === undefined ? given : altered(given, { [model]: limits })
  return { world: { ...world, profile }, profile, model }
}

/** Returns the same knowledge of a provider whose models have no limits. */
export function unlimited({ world, profile, model }: ClientKnowledge): ClientKnowledge {
  const none = altered(profile, Object.fromEntries(Object.keys(profile.models).map((each) => [each, []])))
  return { world: { ...world, profile: none }, profile: none, model }
}

/** Returns the target of calls before a strategy changes it: the first key of the first account. */
export function targetOf({ world, model }: ClientKnowledge): Target {
  return { endpoint: 'dashscope', key: world.accounts[0]!.keys[0]!, model }
}

/** Returns the documented limits of the model. */
export function toldLimits({ profile, model }: ClientKnowledge): readonly Limit[] {
  return profile.models[model]!.limits
}

/** Returns the tightest limit of the model on this unit, in units per `time`. `Infinity`: it has none. */
function tightest(unit: Unit, time: Millis, knowledge: ClientKnowledge): number {
  return minimum(limitsOn(unit, toldLimits(knowledge)).map(({ limit, window }) => (time * limit) / window))
}

/** Returns the tightest request limit of the model, in calls a second. */
export function callsPerSecond(knowledge: ClientKnowledge): number {
  return tightest('requests', 1000, knowledge)
}

/** Returns the tightest request limit of the model, in calls a minute. */
export function callsPerMinute(knowledge: ClientKnowledge): number {
  return tightest('requests', 60_000, knowledge)
}

/** Returns the tightest token limit of the model, in tokens a minute. */
export function tokensPerMinute(knowledge: ClientKnowledge): number {
  return tightest('tokens', 60_000, knowledge)
}

/** Returns the keys of the client's first account. */
export function ownKeys({ world }: ClientKnowledge): readonly string[] {
  return world.accounts[0]!.keys
}

/** Returns the client's own accounts: those that are in no gateway's pool. Throws an `InputError` when there are fewer than two. */
export function ownAccounts({ world }: ClientKnowledge): World['accounts'] {
  const pooled = new Set(world.gateways?.flatMap(({ accounts }) => accounts))
  const own = world.accounts.filter(({ name }) => !pooled.has(name))
  if (own.length > 1) return own
  throw new InputError(
    'Expected the world to have two accounts or more outside its gateways for rotation, got 1: add an account, or leave rotation out',
    'STRATEGY_UNSUPPORTED',
  )
}

/** Returns the first key of each of the client's own accounts. Throws as `ownAccounts` does. */
export function accountKeys(knowledge: ClientKnowledge): string[] {
  return ownAccounts(knowledge).map(({ keys }) => keys[0]!)
}

/** Returns the first gateway of the world. Throws an `InputError` when there is none. */
export function gatewayOf({ world }: ClientKnowledge): NonNullable<World['gateways']>[number] {
  const first = world.gateways?.[0]
  if (first) return first
  throw new InputError(
    'Expected the world to have a gateway for the proxy strategy, got none: add one under `world.gateways`, or leave the strategy out',
    'STRATEGY_UNSUPPORTED',
  )
}
