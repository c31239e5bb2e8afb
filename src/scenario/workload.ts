import type { Processes } from './processes.ts'
import type { Tenant } from './tenants.ts'

/** The calls of a run in columns, in the order of arrival. With one seed it is the same for every strategy. */
export interface Workload {
  /**
   * Intended start of each call, in whole milliseconds from the run's start. In a closed loop it is the earliest that could be, until a run
   * has written the instants at which its workers took the calls into a column of its own.
   */
  readonly arrival: Float64Array
  /** Length of each prompt, in tokens. */
  readonly promptTokens: Uint32Array
  /** Length of each answer in tokens, before `max_tokens` cuts it. */
  readonly outputTokens: Uint32Array
  /** Who takes the calls of a closed loop. Default: the loop is open. */
  readonly loop?: ClosedLoop
  /** For whom the calls are made. Default: the case has no tenants. */
  readonly tenants?: TenantColumn
  /** The processes that share the calls. Default: one process makes all of them. */
  readonly processes?: Processes
}

/** Workers that take the calls of a workload one after the other. */
export interface ClosedLoop {
  readonly workers: number
  /** How long the worker of each call thinks, after the call is settled, before it takes another, in whole milliseconds. */
  readonly think: Float64Array
}

/** The tenants of a case, and the tenant of each call by its place among them. */
export interface TenantColumn {
  readonly list: readonly Tenant[]
  readonly of: Uint16Array
}
