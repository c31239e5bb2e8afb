import type { Millis } from '../../src/core/clock.ts'
import { minimum } from '../../src/core/extremes.ts'
import { type Limit, type Rule, type Unit, unitOf } from '../../src/core/limit.ts'
import type { ModelRow } from '../../src/scenario/profile.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import { type BurstGuard, burstGuard } from '../limiters/burst-guard.ts'
import { fixedWindow } from '../limiters/fixed-window.ts'
import { all, type Cost, type Limiter, type LimitLimiter } from '../limiters/limiter.ts'
import { slidingLog } from '../limiters/sliding-log.ts'
import { tokenBucket } from '../limiters/token-bucket.ts'

/** How full one limit is. For a burst guard: how full its current interval is, and how much this interval may carry. */
export interface Level {
  readonly rule: Rule
  readonly unit: Unit
  readonly limit: number
  readonly window: Millis
  /** What is counted in the window now. It exceeds the limit after charges beyond it. */
  readonly used: number
  /** How long until a request of one token would pass, milliseconds. 0: it would pass now. `Infinity`: it would never pass. */
  readonly retryAfter: Millis
}

/** A set of limits that are counted together. They can be changed while they are counted. */
export interface Counters {
  readonly limiter: Limiter
  /** Returns the limits that are in force. */
  limits(): readonly Limit[]
  /** Returns how full each limit is, and then how full each burst guard is: the order in which they deny. */
  levels(now: Millis): Level[]
  /** Charges a rejected attempt to the request limits. */
  chargeReject(now: Millis): void
  /** Multiplies every limit by a factor from now on. */
  scale(factor: number, now: Millis): void
  /** Replaces the limits. A limit whose rule and window stay the same keeps what it has counted; every other window begins empty. */
  setLimits(limits: readonly Limit[], now: Millis): void
}

/** One limit with the limiter that enforces it. */
interface Counter {
  readonly rule: Limit['rule']
  readonly window: Millis
  /** The number that the factor of `scale` multiplies. */
  readonly base: number
  limit: number
  readonly limiter: LimitLimiter
}

const rejected: Cost = { requests: 1, tokens: 0 }
const smallest: Cost = { requests: 1, tokens: 1 }
const noCost: Cost = { requests: 0, tokens: 0 }

/** Counts limits by the window algorithm of the switches. Burst guards are added when the switches and `isGuarded` both ask for them. */
export function counters(initial: readonly Limit[], switches: Switches, isGuarded: boolean): Counters {
  const guardsOf = (limits: readonly Limit[]) => (isGuarded && switches.burstGuard ? guardsFor(limits, switches) : [])
  const open = (limit: Limit): Counter => ({
    rule: limit.rule,
    window: limit.window,
    base: limit.limit,
    limit: limit.limit,
    limiter: windowed(limit, switches),
  })
  let counting = initial.map(open)
  let guards = guardsOf(initial)
  const limiters: Limiter[] = [...counting.map(({ limiter }) => limiter), ...guards]
  let factor = 1

  function change(counter: Counter, limit: number, now: Millis): void {
    // This check lets a token bucket refill at the old rate until now.
    counter.limiter.check(noCost, now)
    counter.limit = limit
    counter.limiter.setLimit(limit)
  }

  return {
    limiter: all(limiters),
    limits: () => counting.map(({ rule, limit, window }) => ({ rule, limit, window })),
    levels: (now) => [
      ...counting.map(({ rule, limit, window, limiter }) => {
        const used = limiter.used(now)
        return { rule, unit: unitOf(rule), limit, window, used, retryAfter: untilPasses(limiter, now) }
      }),
      ...guards.map((guard): Level => {
        const { used, allowed: limit } = guard.level(now)
        const { unit, interval: window } = guard
        return { rule: 'burst', unit, limit, window, used, retryAfter: untilPasses(guard, now) }
      }),
    ],
    chargeReject(now) {
      for (const { rule, limiter } of counting) if (unitOf(rule) === 'requests') limiter.charge(rejected, now)
    },
    scale(by, now) {
      factor = bounded(factor * by, 1 / largestCount, largestCount)
      for (const counter of counting) change(counter, bounded(Math.round(counter.base * factor), 1, largestCount), now)
    },
    setLimits(limits, now) {
      factor = 1
      counting = limits.map((limit) => {
        const same = counting.find(({ rule, window }) => rule === limit.rule && window === limit.window)
        if (!same) return open(limit)
        const kept = { ...same, base: limit.limit }
        change(kept, limit.limit, now)
        return kept
      })
      guards = guardsOf(limits)
      limiters.splice(0, limiters.length, ...counting.map(({ limiter }) => limiter), ...guards)
    },
  }
}

/** The switches that decide how windows are counted. */
const countingSwitches = [
  'window',
  'burstGuard',
  'burstInterval',
  'burstGrowth',
  'burstFloor',
  'burstMemory',
] as const satisfies (keyof Switches)[]

/** Whether windows are counted in the same way under both sets of switches. */
export function countsAlike(a: Switches, b: Switches): boolean {
  return countingSwitches.every((name) => a[name] === b[name])
}

/** The greatest whole number that can be counted. A limit beyond it could not be scaled back by a later factor. */
const largestCount = Number.MAX_SAFE_INTEGER

function bounded(value: number, least: number, greatest: number): number {
  return Math.min(greatest, Math.max(least, value))
}

function untilPasses(limiter: Limiter, now: Millis): Millis {
  return limiter.check(smallest, now)?.retryAfter ?? 0
}

function windowed(limit: Limit, { window }: Switches): LimitLimiter {
  if (window === 'fixed') return fixedWindow(limit)
  return window === 'bucket' ? tokenBucket(limit) : slidingLog(limit)
}

/** One guard for each unit. Its floor is a share of what the tightest limit admits in one interval. */
function guardsFor(limits: readonly Limit[], switches: Switches): BurstGuard[] {
  const { burstInterval: interval, burstGrowth: growth, burstFloor, burstMemory: memory } = switches
  return (['requests', 'tokens'] satisfies Unit[]).flatMap((unit) => {
    const floors = limits
      .filter(({ rule }) => unitOf(rule) === unit)
      .map(({ limit, window }) => ceiling((burstFloor * (limit * interval)) / window))
    return floors.length === 0 ? [] : [burstGuard({ unit, floor: minimum(floors), growth, interval, memory })]
  })
}

/** Rounds up, at least to 1. A value that is whole except for a rounding error stays: 0.07 × 100 is 7, though slightly more in binary. */
function ceiling(value: number): number {
  return Math.max(1, Math.ceil(value * (1 - 4 * Number.EPSILON)))
}

/** One model's limits as they apply to one key: those of its account and, where it belongs to a workspace, those of the workspace. */
export interface CountedQuota {
  readonly row: ModelRow
  readonly limiter: Limiter
  /** Charges a rejected attempt to all of these limits. The caller decides whether rejected attempts count. */
  chargeReject(now: Millis): void
  /** How full each limit is, those of the workspace first. */
  levels(now: Millis): Level[]
}

/** A quota of the account's limits and, unless undefined, the workspace's own, which are narrower. */
export function countedQuota(row: ModelRow, ofAccount: Counters, ofWorkspace: Counters | undefined): CountedQuota {
  if (!ofWorkspace) return { row, ...ofAccount }
  return {
    row,
    limiter: all([ofWorkspace.limiter, ofAccount.limiter]),
    chargeReject(now) {
      ofWorkspace.chargeReject(now)
      ofAccount.chargeReject(now)
    },
    levels: (now) => [...ofWorkspace.levels(now), ...ofAccount.levels(now)],
  }
}
