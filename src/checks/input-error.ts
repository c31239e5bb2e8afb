import { withoutKeys } from '../core/redaction.ts'
import { countOf, firstProblems } from './problems.ts'

/** The codes of errors that a user can correct. `docs/errors.md` lists when each occurs and what to do. */
export type InputCode =
  | 'ADDRESS_UNAVAILABLE'
  | 'CELLS_INVALID'
  | 'CELLS_NOT_FOUND'
  | 'CONFIG_INVALID'
  | 'ENDPOINT_UNKNOWN'
  | 'GUEST_MISSING'
  | 'INPUT_INVALID'
  | 'K6_UNAVAILABLE'
  | 'MODEL_UNKNOWN'
  | 'PROFILE_INVALID'
  | 'PROFILE_NOT_FOUND'
  | 'SCENARIO_INVALID'
  | 'SCENARIO_NOT_FOUND'
  | 'SENSITIVITY_INVALID'
  | 'SETTING_INVALID'
  | 'SHARDS_INVALID'
  | 'STRATEGY_FAILED'
  | 'STRATEGY_INVALID'
  | 'STRATEGY_UNKNOWN'
  | 'STRATEGY_UNSUPPORTED'
  | 'TIME_BORROWED'
  | 'TRACE_INVALID'
  | 'TRACE_MISSING'
  | 'TRACE_UNREADABLE'
  | 'WORKER_ENDED'

/** An error that a user can correct. Its message says how, and commands print it without a stack trace. Keys in it are shortened. */
export class InputError extends Error {
  /** Default: `INPUT_INVALID`, a wrong value on the command line or in a call. */
  readonly code: InputCode
  /** One sentence for each problem. The message lists the first of them. */
  readonly problems: readonly string[]
  constructor(message: string, code: InputCode = 'INPUT_INVALID', problems: readonly string[] = [message]) {
    super(withoutKeys(message))
    this.name = 'InputError'
    this.code = code
    this.problems = problems.map(withoutKeys)
  }
}

/** Whether a value that was thrown is an `InputError`. It may be a user's proxy, whose traps throw. */
export function isInputError(thrown: unknown): thrown is InputError {
  try {
    return thrown instanceof InputError
  } catch {
    return false
  }
}

/** Makes one error of these problems. The message is the sentence of a single problem, or a list of the first of several. */
export function inputErrorOf(problems: readonly string[], code?: InputCode): InputError {
  const [only] = problems
  if (problems.length === 1) return new InputError(only!, code)
  const lines = firstProblems(problems).map((each) => `  ${each.replaceAll('\n', '\n  ')}`)
  return new InputError([`${countOf(problems)}:`, ...lines].join('\n'), code, problems)
}

/**
 * Makes one error of several. A single error is returned unchanged. An error of several has all their problems. It has their code if
 * all have the same one, and `INPUT_INVALID` otherwise.
 */
export function joinedErrors(errors: readonly InputError[]): InputError {
  const [first, ...others] = errors
  if (others.length === 0) return first!
  const code = others.every((each) => each.code === first!.code) ? first!.code : undefined
  return inputErrorOf(
    errors.flatMap(({ problems }) => problems),
    code,
  )
}

/** Returns an error that is an `InputError`, and throws any other. */
export function expectInputError(error: unknown): InputError {
  if (isInputError(error)) return error
  throw error
}

/** Returns the problems of an `InputError`, and throws any other error. */
export function problemsIn(error: unknown): readonly string[] {
  if (error instanceof InputError) return error.problems
  throw error
}
