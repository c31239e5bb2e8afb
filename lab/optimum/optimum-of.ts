import { phasesOf } from '../../sim/provider/phases.ts'
import { worldProvider } from '../../sim/skins/in-process.ts'
import type { Target } from '../../src/core/call.ts'
import type { Random } from '../../src/core/random.ts'
import { boundOf } from '../../src/optimum/bound.ts'
import type { Optimum } from '../../src/optimum/optimum.ts'
import { longestCall, pooledLimits, type Quota } from '../../src/optimum/quota.ts'
import type { AccountSpec } from '../../src/scenario/accounts.ts'
import type { Case } from '../../src/scenario/scenario.ts'
import { switchesOf } from '../../src/scenario/switches.ts'
import type { Workload } from '../../src/scenario/workload.ts'
import type { World } from '../../src/scenario/world.ts'
import { closedBoundOf } from './closed-bound.ts'
import { reachableOf } from './reachable.ts'

/** A quota that a strategy draws on: that of one account for one model. */
export interface QuotaDraw {
  /** The account's name. */
  readonly account: string
  readonly model: string
  /** Whether the strategy also sends where there are no limits. Default: it does not. */
  readonly beyondLimits?: boolean
}

/** What an optimum is computed from: a case, its calls on one seed, and the quotas that a strategy draws on. */
export interface OptimumOptions {
  /** The world of the case. */
  readonly world: World
  readonly chosen: Case
  readonly workload: Workload
  /** Where the strategy may send. */
  readonly draws: readonly QuotaDraw[]
  /** The limits of each of these, in the same order. */
  readonly quotas: readonly Quota[]
  /** How long the model takes for each call: `serviceTimes`. */
  readonly service: Float64Array
  /** The stream of the world. */
  readonly random: Random
}

/** Computes the bound and the reachable result on the quotas that a strategy draws on. */
export function optimumOf(options: OptimumOptions): Optimum {
  const { world, chosen, workload, draws, quotas, service, random } = options
  const { maxTokens, patience, horizon } = chosen
  const switches = switchesOf(world.switches)
  const { window, tokenCharge, refund } = switches
  const limits = pooledLimits(quotas, window)
  const windowPhase = phasesOf(random, switches).ofWindow
  const calls = { workload, maxTokens, patience, horizon, service, tokenCharge, refund }
  const isShared = (world.background ?? []).some((other) => draws.some((draw) => isSameQuota(draw, other)))
  const limited = { ...calls, limits, longestCall: longestCall(quotas), window, windowPhase, isShared }
  const bound = workload.loop ? closedBoundOf(limited, workload.loop) : boundOf(limited)
  const targets = draws.flatMap((draw) => targetsOf(world, draw))
  const reachable = reachableOf({ ...calls, world, random, targets }, bound)
  const meanService = service.length > 0 ? service.reduce((total, time) => total + time, 0) / service.length : 0
  return { bound, reachable, meanService }
}

/** How long the model takes for each call. Only the optimum may know this. */
export function serviceTimes(world: World, random: Random, workload: Workload, maxTokens: number): Float64Array {
  const { service } = worldProvider(world, random)
  return Float64Array.from(workload.outputTokens, (tokens, call) => service(call, Math.min(tokens, maxTokens)).total)
}

function isSameQuota(a: QuotaDraw, b: QuotaDraw): boolean {
  return a.account === b.account && a.model === b.model
}

function targetsOf({ accounts }: World, { account, model }: QuotaDraw): Target[] {
  const spec = accounts.find(({ name }) => name === account)!
  return leastLimitedKeys(spec).map((key) => ({ endpoint: 'dashscope', key, model }))
}

/** A key without a workspace has only the limits of the account. Where there is none, one key of each workspace. */
function leastLimitedKeys({ keys, workspaces = [] }: AccountSpec): string[] {
  const unlimited = keys.find((key) => !workspaces.some((workspace) => workspace.keys.includes(key)))
  if (unlimited !== undefined) return [unlimited]
  return workspaces.flatMap((workspace) => keys.filter((key) => workspace.keys.includes(key)).slice(0, 1))
}
