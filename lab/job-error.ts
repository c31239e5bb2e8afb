import { type InputCode, InputError } from '../src/checks/input-error.ts'
import type { Job } from './experiment.ts'

/** What a job threw, as plain data: an error that is sent from a worker loses its class. */
export interface JobFault {
  readonly message: string
  readonly stack: string
  /** Whether it is an `InputError`. */
  readonly input: boolean
  /** The error's `code`, if it has one. */
  readonly code: string | undefined
}

export function jobFault(error: unknown): JobFault {
  const { message, stack = '', code }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error))
  return { message, stack, input: error instanceof InputError, code }
}

/** The error of a job, with its code, and with the job in its message. */
export function jobError({ caseName, strategy, seed }: Job, { message, stack, input, code }: JobFault): Error {
  const where = `case ${caseName}, strategy ${strategy}, seed ${seed}`
  if (input) return new InputError(`${message} (in ${where})`, code as InputCode)
  const error = Object.assign(new Error(`${message} (in ${where})`), code !== undefined && { code })
  error.stack = `${error.message}\n${stack}`
  return error
}
