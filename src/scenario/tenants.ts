import { atMost, type Checks, isObject, list, number, object, optional, repeated, text } from '../checks/shape.ts'
import { arrivalProblems } from './arrivals/arrival-problems.ts'
import type { Arrivals } from './arrivals/arrivals.ts'
import { type Lengths, lengthProblems } from './lengths/lengths.ts'

/** One of the customers on whose behalf the calls of a case are made. It has a `share`, `arrivals` of its own, or both. */
export interface Tenant {
  /** The name, which its calls carry as `tenant`. No other tenant of the case has the same name. */
  readonly name: string
  /** Its part of the case's arrivals, as a weight: of tenants with 3 and 1 the first makes three calls of four. Default: 0. */
  readonly share?: number
  /** Arrivals of its own, besides its share. They need no trace, no function and no workers. Default: none. */
  readonly arrivals?: TenantArrivals
  /** The lengths of its calls. Default: those of the case. */
  readonly lengths?: Lengths
  /** The rank that its calls carry as `priority`. Default: none. */
  readonly priority?: number
}

/** The kinds of arrivals that a tenant may have for itself. */
const kinds = ['at-once', 'poisson', 'gamma', 'step', 'on-off', 'diurnal', 'flash-crowd', 'sessions'] as const

/** The arrivals that a tenant may have for itself. */
export type TenantArrivals = Extract<Arrivals, { kind: (typeof kinds)[number] }>

/** The greatest number of tenants in one case. */
const mostTenants = 1000

const tenant = object({
  name: text,
  share: optional(number({ atLeast: 0, atMost: 1_000_000 })),
  arrivals: optional((field: string, value: unknown) => arrivalProblems(field, value, kinds)),
  lengths: optional(lengthProblems),
  priority: optional(number({})),
} satisfies Checks<Tenant>)

/** Returns a sentence for each problem with the tenants of a case. */
export function tenantProblems(field: string, value: unknown): string[] {
  const problems = [
    ...atMost(mostTenants, list(tenant, 1))(field, value),
    ...repeated(field, value, '.name', (each) => (isObject(each) ? each.name : undefined)),
  ]
  if (problems.length > 0) return problems
  const shares = (value as readonly Tenant[]).map(({ share = 0 }) => share)
  if (shares.some((share) => share > 0)) return []
  return [
    `Expected \`${field}\` to have a tenant whose \`share\` is > 0, who makes the calls of the case's \`arrivals\`, got none`,
  ]
}
