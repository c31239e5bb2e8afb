/** A user's mistake: its message says what to do, and it is shown without a stack trace. */
export class InputError extends Error {
  readonly code = 'INPUT_INVALID'
  /** One sentence each. */
  readonly problems: readonly string[]
  constructor(message: string, problems: readonly string[] = [message]) {
    super(message)
    this.name = 'InputError'
    this.problems = problems
  }
}

/** One problem is a sentence, several are a list. */
export function inputErrorOf(problems: readonly string[]): InputError {
  const [only] = problems
  if (problems.length === 1) return new InputError(only!)
  const lines = problems.map((each) => `  ${each.replaceAll('\n', '\n  ')}`)
  return new InputError([`${problems.length} problems:`, ...lines].join('\n'), problems)
}

/** The problems that a user's mistake tells; any other error is thrown on. */
export function problemsIn(error: unknown): readonly string[] {
  if (error instanceof InputError) return error.problems
  throw error
}
