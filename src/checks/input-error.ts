/** A user's mistake: its message says what to do, and it is shown without a stack trace. */
export class InputError extends Error {
  readonly code = 'INPUT_INVALID'
  constructor(message: string) {
    super(message)
    this.name = 'InputError'
  }
}

/** One problem is a sentence, several are a list. */
export function inputErrorOf(problems: readonly string[]): InputError {
  const [only] = problems
  if (problems.length === 1) return new InputError(only!)
  return new InputError(
    [`${problems.length} problems:`, ...problems.map((each) => `  ${each.replaceAll('\n', '\n  ')}`)].join('\n'),
  )
}

/** What a user's mistake says; any other error is thrown on. */
export function problemOf(error: unknown): string {
  if (error instanceof InputError) return error.message
  throw error
}
