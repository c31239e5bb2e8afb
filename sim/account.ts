import type { Millis } from '../src/core/clock.ts'
import type { Limit, Unit } from '../src/core/limit.ts'
import { unitOf } from '../src/core/limit.ts'
import type { AccountSpec, Switches } from '../src/core/world.ts'
import { type Wallet, wallet } from './billing.ts'
import { all } from './limiters/all.ts'
import { burstGuard } from './limiters/burst-guard.ts'
import { fixedWindow } from './limiters/fixed-window.ts'
import type { Cost, Limiter, LimitLimiter } from './limiters/limiter.ts'
import { slidingLog } from './limiters/sliding-log.ts'
import { tokenBucket } from './limiters/token-bucket.ts'
import type { ModelRow, Profile } from './profiles/profile.ts'

/** One model's limits for one account: every key of the account is counted here. */
export interface Quota {
  readonly row: ModelRow
  /** The account's limits, and the workspace's where the key belongs to one. */
  readonly limiter: Limiter
  /** What a rejected attempt is charged to, where rejects count. */
  chargeReject(now: Millis): void
  /** Multiplies every limit of the account for this model, from now on. */
  scale(factor: number, now: Millis): void
}

export interface Account {
  readonly name: string
  readonly wallet: Wallet
  /** Undefined when the profile has no such model. */
  quota(model: string, workspace?: string): Quota | undefined
}

const rejected: Cost = { requests: 1, tokens: 0 }
const nothing: Cost = { requests: 0, tokens: 0 }

export function account(spec: AccountSpec, profile: Profile, switches: Switches): Account {
  const quotas = new Map<string, Quota>()

  function open(model: string): Quota | undefined {
    const row = Object.hasOwn(profile.models, model) ? profile.models[model] : undefined
    if (!row) return undefined
    const counters = countersOf(row.limits, switches)
    const limiters = counters.map(({ limiter }) => limiter)
    const guards = switches.burstGuard ? guardsFor(row.limits, switches) : []
    let factor = 1
    return {
      row,
      limiter: all([...limiters, ...guards]),
      chargeReject: rejectsTo(counters),
      scale(by, now) {
        factor *= by
        for (const { limit, limiter } of counters) {
          // A bucket has refilled at the old rate until now.
          limiter.check(nothing, now)
          limiter.setLimit(Math.max(1, Math.round(limit.limit * factor)))
        }
      },
    }
  }

  function openWorkspace(model: string, workspace: string): Quota | undefined {
    const whole = quota(model)
    const own = spec.workspaces?.find((w) => w.name === workspace)?.limits[model]
    if (!whole || !own) return whole
    const counters = countersOf(own, switches)
    const chargeOwn = rejectsTo(counters)
    return {
      ...whole,
      limiter: all([...counters.map(({ limiter }) => limiter), whole.limiter]),
      chargeReject(now) {
        chargeOwn(now)
        whole.chargeReject(now)
      },
    }
  }

  function quota(model: string, workspace?: string): Quota | undefined {
    const name = workspace === undefined ? model : `${workspace}/${model}`
    const known = quotas.get(name)
    if (known) return known
    const opened = workspace === undefined ? open(model) : openWorkspace(model, workspace)
    if (opened) quotas.set(name, opened)
    return opened
  }

  return { name: spec.name, wallet: wallet(spec), quota }
}

/** A limit, and what counts against it. */
interface Counter {
  readonly limit: Limit
  readonly limiter: LimitLimiter
}

function countersOf(limits: readonly Limit[], switches: Switches): Counter[] {
  return limits.map((limit) => ({ limit, limiter: windowed(limit, switches) }))
}

function rejectsTo(counters: readonly Counter[]): (now: Millis) => void {
  const ofRequests = counters.filter(({ limit }) => unitOf(limit.rule) === 'requests')
  return (now) => {
    for (const { limiter } of ofRequests) limiter.charge(rejected, now)
  }
}

function windowed(limit: Limit, { window }: Switches): LimitLimiter {
  if (window === 'fixed') return fixedWindow(limit)
  return window === 'bucket' ? tokenBucket(limit) : slidingLog(limit)
}

/** One guard a unit. Its floor is a share of what the tightest limit lets through in one interval. */
function guardsFor(limits: readonly Limit[], switches: Switches): Limiter[] {
  const { burstInterval: interval, burstGrowth: growth, burstFloor, burstMemory: memory } = switches
  return (['requests', 'tokens'] satisfies Unit[]).flatMap((unit) => {
    const floors = limits
      .filter(({ rule }) => unitOf(rule) === unit)
      .map(({ limit, window }) => ceiling((burstFloor * (limit * interval)) / window))
    return floors.length === 0 ? [] : [burstGuard({ unit, floor: Math.min(...floors), growth, interval, memory })]
  })
}

/** The next whole number, unless only rounding keeps the value from being whole: 0.07 × 100 is 7, in binary a little more. At least 1. */
function ceiling(value: number): number {
  return Math.max(1, Math.ceil(value * (1 - 4 * Number.EPSILON)))
}
