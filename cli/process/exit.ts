import { inspect } from 'node:util'
import { InputError } from '../../src/checks/input-error.ts'
import { tell } from './output.ts'

/** The exit codes that `ratelab --help` lists. */
export const exitCodes = {
  ok: 0,
  /** There is a fault in ratelab itself. */
  internal: 1,
  /** The command line, a scenario or a trace is wrong. */
  input: 2,
  /** The report could not be written. */
  output: 3,
  /** A threshold was crossed, or with `--gate` something relevant became worse or a strategy failed. */
  crossed: 4,
  /** The user pressed Ctrl-C. The code is 128 + SIGINT. */
  interrupted: 130,
} as const

/** Thrown when the output folder or a file in it cannot be written. */
export class OutputError extends Error {
  readonly code = 'OUTPUT_FAILED'
  constructor(message: string) {
    super(message)
    this.name = 'OutputError'
  }
}

/** Returns the error for a folder or a file that cannot be written. It ends with `remedy`. */
export function cannotWrite(path: string, error: unknown, remedy: string): OutputError {
  const reason = error instanceof Error ? error.message : String(error)
  return new OutputError(`Expected to be able to write to ${path}, but: ${reason}. ${remedy}`)
}

/** Prints an error and sets the exit code. Only a fault of ratelab itself is printed with its stack trace. */
export function fail(error: unknown): void {
  if (error instanceof InputError || error instanceof OutputError) {
    tell(`ratelab: ${error.message}`)
    process.exitCode = error instanceof InputError ? exitCodes.input : exitCodes.output
    return
  }
  tell('ratelab: This is a fault of ratelab itself. Please report it with the command that you typed:')
  tell(inspect(error))
  process.exitCode = exitCodes.internal
}
