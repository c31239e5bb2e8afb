import type { Millis } from '../../src/core/clock.ts'
import type { Limit } from '../../src/core/limit.ts'
import { exponential, type Random } from '../../src/core/random.ts'
import type { GatewaySpec } from '../../src/scenario/world.ts'
import { all, type LimiterSet } from '../limiters/limiter.ts'
import { slidingLog } from '../limiters/sliding-log.ts'

/** How a pool distributes requests to its accounts, and which requests it admits. */
export type PoolSpec = Pick<GatewaySpec, 'balance' | 'failover' | 'customerLimits' | 'outages'>

/** Several accounts behind one endpoint, numbered from 0. The pool knows the requests that it has sent, but not the windows of the provider. */
export interface QuotaPool {
  /** Returns whether the gateway is up at this instant. `now` must never go back. */
  isUp(now: Millis): boolean
  /** Returns the limits of a customer. Returns undefined when customers have no limits. */
  capOf(customer: string): LimiterSet | undefined
  /**
   * Returns the accounts that a request may try, the best first. The request does not count at any of them yet. Accounts that are not `awake` are
   * passed by, unless none is. Default: all are awake.
   */
  route(isAwake?: (account: number) => boolean): readonly number[]
  /** Counts a request at this account until `release` is called. */
  enter(account: number): void
  release(account: number): void
  /** The number of requests at each account. */
  readonly inFlight: readonly number[]
}

/** A pool of this many accounts. */
export function quotaPool(spec: PoolSpec, size: number, random: Random): QuotaPool {
  const inFlight = Array.from({ length: size }, () => 0)
  const tries = 1 + Math.min(spec.failover, size - 1)
  /** The number of requests that have been given a route. */
  let turn = 0

  /** All accounts in turn, from this one on. */
  const inTurn = (start: number) => Array.from({ length: size }, (_, step) => (start + step) % size)

  function leastBusy(accounts: readonly number[]): number {
    return accounts.reduce((best, each) => (inFlight[each]! < inFlight[best]! ? each : best))
  }

  return {
    isUp: availability(spec.outages, random),
    capOf: customerCaps(spec.customerLimits ?? []),
    route(isAwake = () => true) {
      const start = turn++ % size
      const awake = inTurn(start).filter(isAwake)
      const tried = awake.length > 0 ? awake : inTurn(start)
      const first = spec.balance === 'round-robin' ? tried[0]! : leastBusy(tried)
      const at = tried.indexOf(first)
      return [...tried.slice(at), ...tried.slice(0, at)].slice(0, tries)
    },
    enter(account) {
      inFlight[account]!++
    },
    release(account) {
      inFlight[account]!--
    },
    inFlight,
  }
}

/** The most customers that are remembered. Beyond that the oldest customer is forgotten, and begins again with empty windows. */
const mostCustomers = 10_000

/** Gives each customer limiters of its own. */
function customerCaps(limits: readonly Limit[]): (customer: string) => LimiterSet | undefined {
  if (limits.length === 0) return () => undefined
  const caps = new Map<string, LimiterSet>()
  return (customer) => {
    const known = caps.get(customer)
    if (known) return known
    const cap = all(limits.map(slidingLog))
    if (caps.size >= mostCustomers) caps.delete(caps.keys().next().value!)
    caps.set(customer, cap)
    return cap
  }
}

/** The number of mean cycles of an on/off process after which its state no longer depends on the state before. */
const longMemory = 1000

/** An on/off renewal process. It is drawn as far as it is asked about, so that `now` must never go back. */
function availability(outages: GatewaySpec['outages'], random: Random): (now: Millis) => boolean {
  if (!outages) return () => true
  const { meanUp, meanDown } = outages
  const cycle = meanUp + meanDown
  let up = true
  const lasts = () => exponential(up ? meanUp : meanDown, random)
  let until = lasts()
  return (now) => {
    // After so long nothing is left of the last state. A gateway that follows the date is first asked half a century after instant 0.
    if (now - until > longMemory * cycle) {
      up = random.next() < meanUp / cycle
      until = now + lasts()
    }
    while (now >= until) {
      up = !up
      until += lasts()
    }
    return up
  }
}
