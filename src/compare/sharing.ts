import type { Millis } from '../core/clock.ts'
import { maximum, minimum } from '../core/extremes.ts'
import { partitionPoint } from '../core/partition-point.ts'
import type { Trace } from '../harness/trace.ts'
import { sorted } from './statistics.ts'

/** The time over which it is counted what each group gets, in milliseconds. */
export const sharingWindow: Millis = 60_000

/** The share of its fair part with which a newcomer has arrived among the others. */
export const settledShare = 0.9

/** The calls of one of several groups that share a quota. Instants are ascending, in milliseconds from the run's start. */
export interface CallGroup {
  readonly arrived: Float64Array
  /** When its answered calls were admitted. */
  readonly admitted: Float64Array
  /** When its calls no longer asked for admission: they were admitted, or were settled without an answer. */
  readonly left: Float64Array
  /** When its last call was settled. */
  readonly end: Millis
}

/** Returns the calls of each group. `of` has the group of each call, from 0. Calls that the run never offered belong to none. */
export function groupsOf(trace: Trace, arrival: Float64Array, of: ArrayLike<number>, groups: number): CallGroup[] {
  const calls = Array.from({ length: groups }, (): number[] => [])
  for (let call = 0; call < trace.calls; call++) if (trace.isSettled(call)) calls[of[call]!]!.push(call)
  return calls.map((own) => {
    const answered = own.filter((call) => trace.outcomeOf(call) === 'ok' && trace.answeredBy(call) >= 0)
    const instants = (some: readonly number[], at: (call: number) => Millis) => sorted(some.map(at))
    return {
      arrived: instants(own, (call) => arrival[call]!),
      admitted: instants(answered, (call) => trace.admittedAt(call)),
      left: instants(own, (call) => trace.admittedAt(call)),
      end: maximum(own.map((call) => trace.settled[call]!)),
    }
  })
}

/**
 * Jain's index of what groups get while all of them are there: (Σx)² ÷ (n·Σx²), where x is what one of the n groups that ask for anything
 * gets of its fair part (`fairParts`). It is 1 when all get the same, and 1/n when one gets everything; the mean over windows. NaN when there is no
 * window, from the first call of the group that comes last to the last call of the one that ends first, in which two groups ask.
 */
export function jainOf(groups: readonly CallGroup[]): number {
  const from = maximum(groups.map(({ arrived }) => arrived[0] ?? Infinity))
  const until = minimum(groups.map(({ end }) => end))
  let total = 0
  let windows = 0
  for (let start = from; start + sharingWindow <= until; start += sharingWindow) {
    const shares = sharesIn(groups, start).filter((share) => !Number.isNaN(share))
    if (shares.length < 2) continue
    total += jainIndex(shares)
    windows++
  }
  return windows > 0 ? total / windows : Number.NaN
}

/**
 * How long the slowest newcomer needs until it gets its part: from its start to the first window, at whole seconds, in which it is admitted at
 * least `settledShare` of its fair part. `Infinity` when it never is; NaN without a newcomer that asks for anything.
 */
export function convergenceOf(groups: readonly CallGroup[], starts: readonly Millis[]): Millis {
  const times = starts.flatMap((start, i) => {
    const { arrived, end } = groups[i]!
    return start > 0 && arrived.length > 0 ? [settlingTime(groups, i, start, end)] : []
  })
  return times.length > 0 ? maximum(times) : Number.NaN
}

function settlingTime(groups: readonly CallGroup[], newcomer: number, start: Millis, end: Millis): Millis {
  for (let at = start; at < end; at += 1000) if (sharesIn(groups, at)[newcomer]! >= settledShare) return at - start
  return Infinity
}

/** Returns what each group is admitted, from an instant on, as a share of its fair part. NaN for a group that asks for nothing. */
function sharesIn(groups: readonly CallGroup[], from: Millis): number[] {
  const until = from + sharingWindow
  const got = groups.map(({ admitted }) => countBefore(admitted, until) - countBefore(admitted, from))
  const demands = groups.map(({ arrived, left }) => countBefore(arrived, until) - countBefore(left, from))
  const fair = fairParts(
    got.reduce((a, b) => a + b, 0),
    demands,
  )
  return got.map((x, i) => (demands[i]! > 0 ? x / fair[i]! : Number.NaN))
}

/** Jain's index of fairness of some numbers >= 0, not all of which are 0; NaN when all are. */
export function jainIndex(values: readonly number[]): number {
  const sum = values.reduce((a, b) => a + b, 0)
  const squares = values.reduce((a, b) => a + b * b, 0)
  return sum ** 2 / (values.length * squares)
}

/**
 * The max–min fair parts of a total: nobody gets more than it demands, and what somebody does not want is shared evenly by those who want
 * more. The total does not exceed the sum of the demands.
 */
export function fairParts(total: number, demands: readonly number[]): number[] {
  const parts = new Array<number>(demands.length)
  const order = demands.map((_, i) => i).sort((a, b) => demands[a]! - demands[b]!)
  let rest = total
  for (const [served, i] of order.entries()) {
    parts[i] = Math.min(demands[i]!, rest / (demands.length - served))
    rest -= parts[i]
  }
  return parts
}

/** How many of some ascending instants are before this one. */
function countBefore(ascending: Float64Array, instant: Millis): number {
  return partitionPoint(ascending.length, (i) => ascending[i]! < instant)
}
