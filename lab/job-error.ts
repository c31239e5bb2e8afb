import { InputError } from '../src/checks/input-error.ts'
import type { Job } from './experiment.ts'

/** What a job threw, as plain data: an error that is sent from a worker loses its class. */
export interface JobFault {
  readonly message: string
  readonly stack: string
  /** Whether it is the user's mistake. */
  readonly input: boolean
}

export function jobFault(error: unknown): JobFault {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
  return { message, stack, input: error instanceof InputError }
}

/** The error with the job in which it was thrown. */
export function jobError({ caseName, strategy, seed }: Job, { message, stack, input }: JobFault): Error {
  const where = `case ${caseName}, strategy ${strategy}, seed ${seed}`
  if (input) return new InputError(`${message} (in ${where})`)
  const error = new Error(`${message} (in ${where})`)
  error.stack = `${error.message}\n${stack}`
  return error
}
