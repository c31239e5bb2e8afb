import { InputError } from '../../src/checks/input-error.ts'

/** Exit codes, as `ratelab --help` tells them. */
export const exitCodes = {
  ok: 0,
  /** A fault of ours: please report it. */
  internal: 1,
  /** A wrong word on the command line, a bad scenario or trace. */
  input: 2,
  /** The report could not be written. */
  output: 3,
  /** Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const

/** The output folder or a file in it cannot be written. */
export class OutputError extends Error {
  readonly code = 'OUTPUT_FAILED'
  constructor(message: string) {
    super(message)
    this.name = 'OutputError'
  }
}

/** Says what went wrong, with a stack trace only for a fault of ours, and sets the exit code. */
export function fail(error: unknown): void {
  if (error instanceof InputError || error instanceof OutputError) {
    console.error(`ratelab: ${error.message}`)
    process.exitCode = error instanceof InputError ? exitCodes.input : exitCodes.output
    return
  }
  console.error('ratelab: a fault of ratelab itself, please report it with what you typed:')
  console.error(error instanceof Error ? error.stack : error)
  process.exitCode = exitCodes.internal
}
