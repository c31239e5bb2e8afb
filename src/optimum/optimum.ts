import type { Millis } from '../core/clock.ts'
import type { Bound } from './bound.ts'

/** How many calls are answered, and how soon: what efficiency compares. Instants are in milliseconds from the run's start. */
export interface Served {
  readonly answered: number
  /** When the last of them was admitted. */
  readonly lastAdmission: Millis
}

/** A schedule that keeps all limits: when each call is admitted, and what comes of it. */
export interface Schedule extends Served {
  /** When the last of them is answered. */
  readonly makespan: Millis
  /** The tokens that they charge at their admissions. */
  readonly tokens: number
  /** How long each call waits for its admission; `Infinity` for a call that is left out. */
  readonly waits: Float64Array
}

/** The two figures that a strategy is measured against. */
export interface Optimum {
  /** What no client can exceed. */
  readonly bound: Bound
  /** What a client reaches that knows the future, on the same provider with its burst guard. Another order of the calls may reach more. */
  readonly reachable: Schedule
  /** The mean time that the model takes for a call. No client can change it. */
  readonly meanService: Millis
}
