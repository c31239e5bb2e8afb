import type { Millis } from '../core/clock.ts'
import { minimum } from '../core/extremes.ts'
import type { Switches } from '../scenario/switches.ts'
import type { Workload } from '../scenario/workload.ts'
import type { PooledLimit } from './quota.ts'
import { mostWithin } from './supply.ts'
import { type CertainDemand, leastSums } from './supply-gate.ts'

/** The tokens of calls, and when they are charged. */
export interface Charges {
  readonly workload: Workload
  readonly tokenCharge: Switches['tokenCharge']
  /** Whether what was reserved and not used is given back on completion. */
  readonly refund: Switches['refund']
  /** `max_tokens` of every call. */
  readonly maxTokens: number
}

/** The calls that want tokens. */
export interface ChargedCalls extends Charges {
  /** How long the model takes for each call. */
  readonly service: Float64Array
  /** The calls that count. */
  readonly counted: readonly number[]
}

/** The tokens that a call charges at its admission. */
export function chargedAtAdmission({ workload, tokenCharge, maxTokens }: Charges, call: number): number {
  if (tokenCharge === 'completion') return 0
  const prompt = workload.promptTokens[call]!
  if (tokenCharge === 'reserve') return prompt + maxTokens
  return tokenCharge === 'admission' ? prompt + outputOf(workload, maxTokens, call) : prompt
}

/**
 * What stays charged in the end of what a call charges at its admission. At any instant a limiter counts at least so much for a call that it
 * has admitted in the window: what is given back on completion was counted until then.
 */
export function keptFromAdmission(charges: Charges, call: number): number {
  const { workload, tokenCharge, refund, maxTokens } = charges
  if (tokenCharge !== 'reserve' || !refund) return chargedAtAdmission(charges, call)
  return workload.promptTokens[call]! + outputOf(workload, maxTokens, call)
}

function outputOf({ outputTokens }: Workload, maxTokens: number, call: number): number {
  return Math.min(outputTokens[call]!, maxTokens)
}

/** The sums of what stays charged of the calls' admissions, the smallest first. */
export function demandAtAdmission(calls: ChargedCalls): CertainDemand {
  return { least: leastSums(Float64Array.from(calls.counted, (call) => keptFromAdmission(calls, call))), exempt: 0 }
}

/** The demand of requests: each call is one, charged at its admission. */
export function demandOfRequests({ counted }: ChargedCalls): CertainDemand {
  return { least: leastSums(new Float64Array(counted.length).fill(1)), exempt: 0 }
}

/** The shares of the calls that are short enough to be counted. More shares give a tighter bound. */
const sharesCounted = [0.5, 0.9, 1]

/**
 * The demand when tokens are charged on completion, as far as it is certain. Such tokens may exceed the limit, since nothing denies
 * them. But the limiter then admits nothing until they have left the window: at the instant e of an admission, all calls that were
 * admitted in the window and completed before e are counted in full. A call that takes at most s and was not counted was therefore
 * admitted in the last s milliseconds before e or at e itself, and there are no more such calls than the limits on requests let through
 * in that time. From e one goes back by a window to the last admission there, and so on: each window exempts that number of calls.
 * Calls that take longer than s count only with what they charge at admission. Every s gives a bound; the shares above choose a few.
 */
export function demandsOnCompletion(
  calls: ChargedCalls,
  requestLimits: readonly PooledLimit[],
  kind: Switches['window'],
): CertainDemand[] {
  const { workload, tokenCharge, maxTokens, service, counted } = calls
  if (tokenCharge !== 'split' && tokenCharge !== 'completion') return []
  if (requestLimits.length === 0 || counted.length === 0) return []
  const ascending = Float64Array.from(counted, (call) => service[call]!).sort()
  const longest = sharesCounted.map((share) => ascending[Math.ceil(share * ascending.length) - 1]!)
  return [...new Set(longest)].map((longestCounted: Millis) => ({
    least: leastSums(
      Float64Array.from(counted, (call) =>
        service[call]! <= longestCounted
          ? workload.promptTokens[call]! + outputOf(workload, maxTokens, call)
          : chargedAtAdmission(calls, call),
      ),
    ),
    exempt: minimum(requestLimits.map((limit) => mostWithin(limit, kind, longestCounted + 1))),
  }))
}
