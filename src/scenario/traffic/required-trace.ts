import { InputError } from '../../checks/input-error.ts'
import type { Workload } from '../workload.ts'

/** Returns the recorded trace that a case needs. Throws when there is none. */
export function requireTrace(name: string, recorded: Workload | undefined): Workload {
  if (recorded) return recorded
  throw new InputError(
    `Expected a recorded trace for case \`${name}\`, got none: name one with --trace FILE`,
    'TRACE_MISSING',
  )
}
