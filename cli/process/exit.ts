import { constants } from 'node:os'
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
} as const

/** A signal ended the process: the code is this and the number of the signal, such as 130 after Ctrl-C. */
export const signalled = 128

/** The code that shells give to a process which a signal ended. */
export function codeAfter(signal: NodeJS.Signals): number {
  return signalled + constants.signals[signal]
}

/** Ends the process at once, with the code for this signal. */
export function exitAfter(signal: NodeJS.Signals): never {
  process.exit(codeAfter(signal))
}

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
  tellFault('This', error)
  process.exitCode = exitCodes.internal
}

/** Says on standard error that `what` is a fault of ratelab itself, with the error. */
export function tellFault(what: string, error: unknown): void {
  tell(`ratelab: ${what} is a fault of ratelab itself. Please report it with the command that you typed:`)
  tell(inspect(error))
}
