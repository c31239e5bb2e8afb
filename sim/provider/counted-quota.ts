import type { Millis } from '../../src/core/clock.ts'
import type { ModelRow } from '../../src/scenario/profile.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import type { InFlightLimit } from '../limiters/in-flight-limit.ts'
import { all, type Cost, type Limiter, type LimiterSet } from '../limiters/limiter.ts'
import type { Counters, Group, Level } from './counters.ts'

/** The groups in the order in which they are asked, by the value of the switch `checkOrder`. */
const groupsAsked: Readonly<Record<Switches['checkOrder'], readonly Group[]>> = {
  'limits-first': ['limits', 'guards'],
  'guard-first': ['guards', 'limits'],
  'tokens-first': ['tokens', 'requests', 'guards'],
}

const oneRequest: Cost = { requests: 1, tokens: 0 }

/** One model's limits as they apply to one key: those of its account and, where it belongs to a workspace, those of the workspace. */
export interface CountedQuota {
  readonly row: ModelRow
  readonly limiter: LimiterSet
  /** The limit on requests in flight. Undefined: there is none. Whoever charges the limiter makes the request enter, and leave early. */
  readonly inFlight: InFlightLimit | undefined
  /** Charges a rejected attempt to all of these limits. The caller decides whether rejected attempts count. */
  chargeReject(now: Millis): void
  /** Gives back what was charged to all of these limits at the instant `at`. */
  refund(cost: Cost, at: Millis, now: Millis): void
  /** How full each limit is, burst guards and the limit on requests in flight included, in the order in which they are asked. */
  levels(now: Millis): Level[]
}

/** A quota of the account's limits and, unless undefined, the workspace's own, which are narrower and in each group are asked first. */
export function countedQuota(
  row: ModelRow,
  { checkOrder }: Switches,
  ofAccount: Counters,
  ofWorkspace: Counters | undefined,
  inFlight?: InFlightLimit,
): CountedQuota {
  const counted = ofWorkspace ? [ofWorkspace, ofAccount] : [ofAccount]
  const asked = groupsAsked[checkOrder].flatMap((group) => counted.map((each) => ({ group, counters: each })))
  return {
    row,
    limiter: all(
      ...asked.map(({ group, counters }) => counters.groups[group]),
      ...(inFlight ? [[asLimiter(inFlight)]] : []),
    ),
    inFlight,
    chargeReject(now) {
      for (const each of counted) each.chargeReject(now)
    },
    refund(cost, at, now) {
      for (const each of counted) each.refund(cost, at, now)
    },
    levels: (now) => [
      ...asked.flatMap(({ group, counters }) => counters.levels(group, now)),
      ...(inFlight ? [levelOf(inFlight, now)] : []),
    ],
  }
}

function levelOf(inFlight: InFlightLimit, now: Millis): Level {
  const retryAfter = inFlight.check(oneRequest, now)?.retryAfter ?? 0
  return { rule: 'concurrency', unit: 'requests', ...inFlight.level(now), retryAfter }
}

/** A request enters when it is known how long it takes, which no charge tells. */
function asLimiter({ check }: InFlightLimit): Limiter {
  return { check, charge: () => {} }
}
