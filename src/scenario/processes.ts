import type { Millis } from '../core/clock.ts'
import type { Case } from './scenario.ts'

/** The processes of a case that share its calls. */
export interface Processes {
  /** The process that makes each call, from 0, in the order of the calls. */
  readonly of: Uint16Array
  /** When each process starts, in milliseconds from the run's start. */
  readonly starts: readonly Millis[]
}

/** The greatest number of processes in one case. */
export const mostProcesses = 1000

/** When each process of a case starts. */
export function startsOf({ processes = 1, joinEvery = 0 }: Pick<Case, 'processes' | 'joinEvery'>): Millis[] {
  return Array.from({ length: processes }, (_, process) => process * joinEvery)
}
