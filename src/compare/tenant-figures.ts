import type { Millis } from '../core/clock.ts'
import type { Trace } from '../harness/trace.ts'
import type { Workload } from '../scenario/workload.ts'
import { type Estimate, estimate, mean, quantile, sorted } from './statistics.ts'

/** The figures of one tenant in one run. Waits are over all calls of the tenant; without an answer a call has the wait `Infinity`. */
export interface TenantSummary {
  readonly name: string
  readonly calls: number
  /** The number of its calls that are answered. */
  readonly answered: number
  /** The number of attempts at its calls. */
  readonly attempts: number
  readonly waitP50: Millis
  readonly waitP95: Millis
}

/** The figures of one tenant over all seeds. A tenant without calls on a seed has no such figures there. */
export interface TenantRow {
  readonly name: string
  /** The mean number of calls. */
  readonly calls: number
  /** Answered calls ÷ calls. */
  readonly success: Estimate
  /** Attempts ÷ calls. */
  readonly amplification: Estimate
  readonly waitP50: Estimate
  readonly waitP95: Estimate
}

/** Computes the figures of each tenant of a run, in the order in which the case lists them. `waits` has the wait of each call. */
export function tenantSummaries(trace: Trace, { tenants }: Workload, waits: Float64Array): TenantSummary[] {
  if (!tenants) return []
  const { list, of } = tenants
  const callsOf = list.map((): number[] => [])
  for (const [call, tenant] of of.entries()) callsOf[tenant]!.push(call)
  return list.map(({ name }, tenant) => {
    const calls = callsOf[tenant]!
    const ascending = sorted(calls.map((call) => waits[call]!))
    return {
      name,
      calls: calls.length,
      answered: calls.filter((call) => trace.outcomeOf(call) === 'ok').length,
      attempts: calls.reduce((sum, call) => sum + trace.attemptsOf[call]!, 0),
      waitP50: quantile(ascending, 0.5),
      waitP95: quantile(ascending, 0.95),
    }
  })
}

/** Takes the figures of tenants together over the seeds, in the order of the first seed. */
export function tenantRows(seeds: readonly (readonly TenantSummary[])[]): TenantRow[] {
  return seeds[0]!.map(({ name }) => {
    const own = seeds.flatMap((each) => each.filter((tenant) => tenant.name === name))
    return {
      name,
      calls: mean(own.map(({ calls }) => calls)),
      success: estimate(own.map(({ answered, calls }) => answered / calls)),
      amplification: estimate(own.map(({ attempts, calls }) => attempts / calls)),
      waitP50: estimate(own.map(({ waitP50 }) => waitP50)),
      waitP95: estimate(own.map(({ waitP95 }) => waitP95)),
    }
  })
}
