import { type InputCode, InputError } from '../src/checks/input-error.ts'
import type { Job } from './experiment.ts'

/** The error of a job as plain data. An error object that is sent from a worker would lose its class. */
export interface JobFault {
  readonly message: string
  readonly stack: string
  readonly isInputError: boolean
  /** The error's `code`, if it has one. */
  readonly code: string | undefined
}

/** Describes any value that a job threw. */
export function jobFault(error: unknown): JobFault {
  const { message, stack = '', code }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error))
  return { message, stack, isInputError: error instanceof InputError, code }
}

/**
 * Makes an error of a described one. It has the same code, and its message also names the case, the seed and, unless the scenario is to blame,
 * the strategy.
 */
export function jobError({ caseName, strategy, seed }: Job, { message, stack, isInputError, code }: JobFault): Error {
  const whose = code === 'SCENARIO_INVALID' ? '' : `strategy ${strategy}, `
  const where = `case ${caseName}, ${whose}seed ${seed}`
  // It stands at the end of the first line, because a line of the source may follow.
  const placed = message.replace(/$|(?=\n)/, () => ` (in ${where})`)
  if (isInputError) return new InputError(placed, code as InputCode)
  const error = Object.assign(new Error(placed), code !== undefined && { code })
  error.stack = `${error.message}\n${stack}`
  return error
}
