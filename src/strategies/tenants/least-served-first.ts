import type { Call } from '../../core/call.ts'
import { LinkedList } from '../pacing/linked-list.ts'
import type { LineOrder, Place } from '../pacing/order.ts'
import { Heap } from './heap.ts'

interface Tenant {
  readonly places: LinkedList<Place>
  /** The tokens that the tenant has got, weighted, or as many as the least served one had when it came back. */
  counter: number
  waiting: number
  inFlight: number
  /** Takes the tenant out of the heap, where it is as long as a call of its waits. */
  leave: () => void
}

/** From so many tenants on, those that would come back without a debt are forgotten. */
const fewTenants = 1000

/**
 * Serves the tenant with the smallest counter, and its calls in the order in which they joined. A call that goes adds `promptWeight` for each
 * token of its prompt, and its answer adds `outputWeight` for each token of its output; what is denied or fails is taken back.
 *
 * A tenant saves nothing up while none of its calls waits: when one comes, its counter is lifted to the smallest of those that wait, or, if none
 * does, to that of the last tenant that was served. So two tenants that always have calls waiting differ by a bounded number of tokens.
 */
export function leastServedFirst(promptWeight: number, outputWeight: number): LineOrder {
  const tenants = new Map<string | undefined, Tenant>()
  const waiting = new Heap<Tenant>()
  let last: Tenant | undefined
  let forgetAt = fewTenants

  const floor = (): number => (waiting.first ?? last)?.counter ?? 0

  function tenantOf({ tenant: name }: Call): Tenant {
    const known = tenants.get(name)
    if (known) return known
    if (tenants.size >= forgetAt) forget()
    const tenant: Tenant = { places: new LinkedList(), counter: 0, waiting: 0, inFlight: 0, leave: () => {} }
    tenants.set(name, tenant)
    return tenant
  }

  function forget(): void {
    for (const [name, { counter, waiting, inFlight }] of tenants)
      if (waiting === 0 && inFlight === 0 && counter <= floor()) tenants.delete(name)
    forgetAt = Math.max(fewTenants, 2 * tenants.size)
  }

  function lift(tenant: Tenant): void {
    if (tenant.waiting === 0) tenant.counter = Math.max(tenant.counter, floor())
  }

  function add(tenant: Tenant, tokens: number): void {
    tenant.counter += tokens
    if (tenant.waiting === 0) return
    tenant.leave()
    tenant.leave = waiting.add(tenant, tenant.counter)
  }

  return {
    join(place) {
      const tenant = tenantOf(place.call)
      lift(tenant)
      if (tenant.waiting++ === 0) tenant.leave = waiting.add(tenant, tenant.counter)
      const leave = tenant.places.add(place)
      return () => {
        leave()
        if (--tenant.waiting === 0) tenant.leave()
      }
    },
    first: () => waiting.first?.places.first,
    started(call) {
      const tenant = tenantOf(call)
      lift(tenant)
      last = tenant
      tenant.inFlight++
      add(tenant, promptWeight * call.promptTokens)
    },
    ended(call, reply) {
      const tenant = tenantOf(call)
      tenant.inFlight--
      if (reply?.kind === 'ok') add(tenant, outputWeight * reply.usage.outputTokens)
      else if (reply) add(tenant, -promptWeight * call.promptTokens)
    },
  }
}
