import type { Millis } from '../../src/core/clock.ts'
import type { Limit } from '../../src/core/limit.ts'
import { exponential, type Random } from '../../src/core/random.ts'
import type { GatewaySpec } from '../../src/scenario/world.ts'
import { all, type Limiter } from '../limiters/limiter.ts'
import { slidingLog } from '../limiters/sliding-log.ts'

/** How a pool shares its accounts out. */
export type PoolSpec = Pick<GatewaySpec, 'balance' | 'failover' | 'customerLimits' | 'outages'>

/** Several accounts behind one endpoint, by number: it knows what it sent there, not the provider's windows. */
export interface QuotaPool {
  /** Whether the gateway answers at all. `now` never goes back. */
  isUp(now: Millis): boolean
  /** What a customer key is held to; undefined: nothing. */
  capOf(customer: string): Limiter | undefined
  /** The accounts that a request may try, best first. It holds none of them yet. */
  route(): readonly number[]
  /** A request is with this account until it leaves. */
  enter(account: number): void
  release(account: number): void
  readonly inFlight: readonly number[]
}

/** A pool of so many accounts, which are known by their number from 0. */
export function quotaPool(spec: PoolSpec, size: number, random: Random): QuotaPool {
  const inFlight = Array.from({ length: size }, () => 0)
  const tries = 1 + Math.min(spec.failover, size - 1)
  let turn = 0

  function first(): number {
    const start = turn++ % size
    if (spec.balance === 'round-robin') return start
    let best = start
    for (let step = 1; step < size; step++) {
      const at = (start + step) % size
      if (inFlight[at]! < inFlight[best]!) best = at
    }
    return best
  }

  return {
    isUp: availability(spec.outages, random),
    capOf: customerCaps(spec.customerLimits ?? []),
    route() {
      const start = first()
      return Array.from({ length: tries }, (_, step) => (start + step) % size)
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

/** More customers than this are not remembered: whoever came first is forgotten, and starts with empty windows. */
const mostCustomers = 10_000

/** One set of limiters a customer key. */
function customerCaps(limits: readonly Limit[]): (key: string) => Limiter | undefined {
  if (limits.length === 0) return () => undefined
  const caps = new Map<string, Limiter>()
  return (key) => {
    const known = caps.get(key)
    if (known) return known
    const cap = all(limits.map(slidingLog))
    if (caps.size >= mostCustomers) caps.delete(caps.keys().next().value!)
    caps.set(key, cap)
    return cap
  }
}

/** An on/off renewal process, drawn as far as it is asked about; `now` never goes back. */
function availability(outages: GatewaySpec['outages'], random: Random): (now: Millis) => boolean {
  if (!outages) return () => true
  let up = true
  let until = exponential(outages.meanUp, random)
  return (now) => {
    while (now >= until) {
      up = !up
      until += exponential(up ? outages.meanUp : outages.meanDown, random)
    }
    return up
  }
}
