import type { Random } from '../../core/random.ts'
import { mostCalls } from '../arrivals/most-calls.ts'
import type { Case } from '../scenario.ts'
import type { Tenant } from '../tenants.ts'
import type { Workload } from '../workload.ts'
import { type DrawnArrivals, drawnArrivals, tooMany } from './drawn-arrivals.ts'
import { drawnLengths } from './drawn-lengths.ts'

/**
 * Draws the calls of a case with tenants: those of the case's own arrivals, each of a tenant that is drawn by the shares, and those of each
 * tenant's arrivals, which draw from a stream of its name. So no tenant changes the calls of another. The turns of a conversation are one
 * tenant's.
 */
export function tenantTraffic(
  chosen: Case,
  tenants: readonly Tenant[],
  random: Random,
  recorded: Workload | undefined,
): Workload {
  const shared = drawnArrivals(chosen, random.fork('arrivals'), recorded)
  const parts = [
    partOf(chosen, tenants, shared, tenantsByShare(tenants, shared, random.fork('tenants')), random, recorded),
    ...tenants.flatMap(({ name, arrivals }, tenant) => {
      if (!arrivals) return []
      const own = { ...chosen, arrivals }
      const stream = random.fork(`tenant ${name}`)
      const drawn = drawnArrivals(own, stream.fork('arrivals'), recorded)
      return [partOf(own, tenants, drawn, new Uint16Array(drawn.arrival.length).fill(tenant), stream, recorded)]
    }),
  ]
  return { ...merged(parts, chosen.name), ...(shared.loop && { loop: shared.loop }) }
}

/** Returns the tenant of each call: the next turn of a conversation has the tenant of the one before it. */
function tenantsByShare(tenants: readonly Tenant[], { arrival, follows }: DrawnArrivals, random: Random): Uint16Array {
  const total = tenants.reduce((sum, { share = 0 }) => sum + share, 0)
  const of = new Uint16Array(arrival.length)
  for (let call = 0; call < of.length; call++) {
    const before = follows?.[call] ?? -1
    of[call] = before >= 0 ? of[before]! : tenantAt(tenants, random.at(call) * total)
  }
  return of
}

/** Returns the tenant whose part of the line of all shares, one after the other, has this point. */
function tenantAt(tenants: readonly Tenant[], point: number): number {
  let left = point
  let last = -1
  for (const [tenant, { share = 0 }] of tenants.entries()) {
    if (share === 0) continue
    if (left < share) return tenant
    left -= share
    last = tenant
  }
  // Rounding may leave a rest behind the last share.
  return last
}

function partOf(
  chosen: Case,
  tenants: readonly Tenant[],
  arrivals: DrawnArrivals,
  of: Uint16Array,
  random: Random,
  recorded: Workload | undefined,
): Required<Omit<Workload, 'loop' | 'processes'>> {
  const lengthsOf = (call: number) => tenants[of[call]!]!.lengths ?? chosen.lengths
  const lengths = drawnLengths(chosen, arrivals, random.fork('lengths'), recorded, lengthsOf)
  return { arrival: arrivals.arrival, ...lengths, tenants: { list: tenants, of } }
}

/** Returns the calls of all parts in the order of arrival. Of calls at one instant, those of the first part come first. */
function merged(parts: readonly ReturnType<typeof partOf>[], name: string): ReturnType<typeof partOf> {
  const [first, ...others] = parts
  if (others.length === 0) return first!
  const calls = parts.reduce((sum, { arrival }) => sum + arrival.length, 0)
  if (calls > mostCalls) throw tooMany(name)
  const all = parts.flatMap((part) => Array.from(part.arrival, (at, call) => ({ part, call, at })))
  all.sort((a, b) => a.at - b.at)
  return {
    arrival: Float64Array.from(all, ({ at }) => at),
    promptTokens: Uint32Array.from(all, ({ part, call }) => part.promptTokens[call]!),
    outputTokens: Uint32Array.from(all, ({ part, call }) => part.outputTokens[call]!),
    tenants: { list: first!.tenants.list, of: Uint16Array.from(all, ({ part, call }) => part.tenants.of[call]!) },
  }
}
