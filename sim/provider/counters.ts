import type { Millis } from '../../src/core/clock.ts'
import { minimum } from '../../src/core/extremes.ts'
import { isPlanRule, type Limit, limitsOn, type Rule, type Unit, unitOf } from '../../src/core/limit.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import { anchoredWindow } from '../limiters/anchored-window.ts'
import { type BurstGuard, burstGuard } from '../limiters/burst-guard.ts'
import { fixedWindow } from '../limiters/fixed-window.ts'
import { amountOf, type Cost, type Limiter, type LimitLimiter } from '../limiters/limiter.ts'
import { planWindow } from '../limiters/plan-windows.ts'
import { slidingLog } from '../limiters/sliding-log.ts'
import { type Room, softLimit } from '../limiters/soft-limit.ts'
import { tokenBucket } from '../limiters/token-bucket.ts'

/**
 * How full one limit is. For a burst guard: how full its current interval is, and how much this interval may carry. For a limit on requests in
 * flight: how many there are.
 */
export interface Level {
  readonly rule: Rule
  readonly unit: Unit
  readonly limit: number
  /** Absent: requests in flight have no window. */
  readonly window?: Millis
  /** What is counted in the window now. It exceeds the limit after charges beyond it. */
  readonly used: number
  /** Of a soft limit, whether the platform has room beyond it. Absent: the limit is not soft. */
  readonly hasRoom?: boolean
  /** How long until a request of one token would pass, milliseconds. 0: it would pass now. `Infinity`: it would never pass. */
  readonly retryAfter: Millis
  /** An instant at which a fixed window or an interval of a burst guard begins. Absent: the window has no grid. */
  readonly phase?: Millis
}

/** Limiters that are asked together. `limits` has those of `requests` and those of `tokens`, in the order of the profile. */
export type Group = 'limits' | 'requests' | 'tokens' | 'guards'

/** A set of limits that are counted together. They can be changed while they are counted. */
export interface Counters {
  /** The limiters of each group. The lists change with the limits. */
  readonly groups: Readonly<Record<Group, readonly Limiter[]>>
  /** Returns the limits that are in force. */
  limits(): readonly Limit[]
  /** Returns how full each limit or burst guard of a group is. */
  levels(group: Group, now: Millis): Level[]
  /** Gives back what was charged at the instant `at`, to the limits. The burst guard counts what requests ask for at admission. */
  refund(cost: Cost, at: Millis, now: Millis): void
  /** Charges a rejected attempt to the request limits. */
  chargeReject(now: Millis): void
  /** Multiplies every limit, or those on one unit, by a factor from now on. */
  scale(factor: number, now: Millis, unit?: Unit): void
  /** Replaces the limits. A limit whose rule, window and softness stay the same keeps what it has counted; every other window begins empty. */
  setLimits(limits: readonly Limit[], now: Millis): void
}

/** One limit with the limiter that enforces it. */
interface Counter {
  readonly rule: Limit['rule']
  readonly window: Millis
  /** Absent unless the windows are fixed. */
  readonly phase?: Millis
  /** Whether the limit is soft. */
  readonly soft: boolean
  /** The instant from which on charges are counted. */
  readonly openedAt: Millis
  /** The number that the factor of `scale` multiplies. */
  readonly base: number
  limit: number
  readonly limiter: LimitLimiter
}

const rejected: Cost = { requests: 1, tokens: 0 }
const smallest: Cost = { requests: 1, tokens: 1 }
const noFactors: Readonly<Record<Unit, number>> = { requests: 1, tokens: 1 }
const noCost: Cost = { requests: 0, tokens: 0 }

/** How limits are counted. */
export interface Counting {
  readonly switches: Switches
  /** Returns the phase of fixed windows of this length. */
  windowPhase(length: Millis): Millis
  /** When there is room beyond soft limits. */
  readonly room: Room
  /** Returns the phase of the burst guard's intervals. Absent: there is no guard. */
  readonly guardPhase?: (length: Millis) => Millis
  /** The instant from which on charges are counted. Default: the windows have counted all charges. */
  readonly openedAt?: Millis
}

/** Counts limits by the window algorithm of the switches. Burst guards are added when the switches ask for them and they have a phase. */
export function counters(
  initial: readonly Limit[],
  { switches, windowPhase, room, guardPhase, openedAt: first = -Infinity }: Counting,
): Counters {
  const guardsOf = (limits: readonly Limit[]) =>
    guardPhase && switches.burstGuard ? guardsFor(limits, switches, guardPhase(switches.burstInterval)) : []
  const open = (limit: Limit, openedAt: Millis): Counter => {
    const { rule, window, limit: base, soft = false } = limit
    const phase = switches.window === 'fixed' && !isPlanRule(rule) ? { phase: windowPhase(window) } : {}
    const limiter = isPlanRule(rule) ? planWindow[rule](limit) : limiterOf[switches.window](limit, phase.phase)
    return {
      rule,
      window,
      ...phase,
      soft,
      openedAt,
      base,
      limit: base,
      limiter: soft ? softLimit(limiter, room) : limiter,
    }
  }
  let counting: Readonly<Record<Exclude<Group, 'guards'>, readonly Counter[]>> = {
    limits: [],
    requests: [],
    tokens: [],
  }
  let guards: readonly BurstGuard[] = []
  const groups: Record<Group, Limiter[]> = { limits: [], requests: [], tokens: [], guards: [] }
  let factors = noFactors
  count(
    initial.map((limit) => open(limit, first)),
    guardsOf(initial),
  )

  /** Counts by these from now on. */
  function count(limits: readonly Counter[], guardedBy: readonly BurstGuard[]): void {
    const of = (unit: Unit) => limitsOn(unit, limits)
    counting = { limits, requests: of('requests'), tokens: of('tokens') }
    guards = guardedBy
    for (const group of ['limits', 'requests', 'tokens'] as const)
      groups[group].splice(0, Infinity, ...counting[group].map(({ limiter }) => limiter))
    groups.guards.splice(0, Infinity, ...guards)
  }

  function change(counter: Counter, limit: number, now: Millis): void {
    // This check lets a token bucket refill at the old rate until now.
    counter.limiter.check(noCost, now)
    counter.limit = limit
    counter.limiter.setLimit(limit)
  }

  return {
    groups,
    limits: () =>
      counting.limits.map(({ rule, limit, window, soft }) => ({ rule, limit, window, ...(soft && { soft }) })),
    levels: (group, now) =>
      group === 'guards'
        ? guards.map((guard): Level => {
            const { used, allowed: limit } = guard.level(now)
            const { unit, interval: window, phase } = guard
            return { rule: 'burst', unit, limit, window, used, retryAfter: untilPasses(guard, now), phase }
          })
        : counting[group].map(
            ({ rule, limit, window, limiter, phase, soft }): Level => ({
              rule,
              unit: unitOf(rule),
              limit,
              window,
              used: limiter.used(now),
              ...(soft && { hasRoom: room.isOpen(now) }),
              retryAfter: untilPasses(limiter, now),
              ...(phase !== undefined && { phase }),
            }),
          ),
    refund(cost, at, now) {
      // A window that was opened later has not counted this charge.
      for (const { rule, limiter, openedAt } of counting.limits)
        if (at > openedAt && amountOf(cost, unitOf(rule)) > 0) limiter.refund(cost, at, now)
    },
    chargeReject(now) {
      for (const { limiter } of counting.requests) limiter.charge(rejected, now)
    },
    scale(by, now, only) {
      const scaled = (unit: Unit) =>
        (only ?? unit) === unit ? bounded(factors[unit] * by, 1 / largestCount, largestCount) : factors[unit]
      factors = { requests: scaled('requests'), tokens: scaled('tokens') }
      for (const counter of counting.limits)
        change(counter, bounded(Math.round(counter.base * factors[unitOf(counter.rule)]), 1, largestCount), now)
    },
    setLimits(limits, now) {
      factors = noFactors
      const next = limits.map((limit) => {
        const same = counting.limits.find((each) => isCountedAs(limit, each))
        if (!same) return open(limit, now)
        const kept = { ...same, base: limit.limit }
        change(kept, limit.limit, now)
        return kept
      })
      count(next, guardsOf(limits))
    },
  }
}

/** Whether what a counter has counted goes on counting against this limit. */
function isCountedAs({ rule, window, soft = false }: Limit, counter: Counter): boolean {
  return rule === counter.rule && window === counter.window && soft === counter.soft
}

/** The switches that decide how windows are counted. */
const countingSwitches = [
  'window',
  'gridPhase',
  'inFlightLimit',
  'softRoom',
  'softCycle',
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

/** Makes the limiter of each window algorithm. Only fixed windows have a phase. */
const limiterOf: Readonly<Record<Switches['window'], (limit: Limit, phase: Millis | undefined) => LimitLimiter>> = {
  sliding: slidingLog,
  fixed: fixedWindow,
  bucket: tokenBucket,
  anchored: anchoredWindow,
}

/** One guard for each unit. Its floor is a share of what the tightest limit admits in one interval. The windows of a plan are no limits of a rate. */
function guardsFor(limits: readonly Limit[], switches: Switches, phase: Millis): BurstGuard[] {
  const { burstInterval: interval, burstGrowth: growth, burstFloor, burstMemory: memory } = switches
  return (['requests', 'tokens'] satisfies Unit[]).flatMap((unit) => {
    const rates = limits.filter(({ rule }) => !isPlanRule(rule))
    const floors = limitsOn(unit, rates).map(({ limit, window }) => ceiling((burstFloor * (limit * interval)) / window))
    return floors.length === 0 ? [] : [burstGuard({ unit, floor: minimum(floors), growth, interval, memory, phase })]
  })
}

/** Rounds up to what can be counted. A value that is whole except for a rounding error stays: 0.07 × 100 is 7, though slightly more in binary. */
function ceiling(value: number): number {
  return bounded(Math.ceil(value * (1 - 4 * Number.EPSILON)), 1, largestCount)
}
