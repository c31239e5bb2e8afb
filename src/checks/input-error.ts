/** A user's mistake. Its message says what to do, and the command line shows it without a stack trace. */
export class InputError extends Error {
  readonly code = 'INPUT_INVALID'
  constructor(message: string) {
    super(message)
    this.name = 'InputError'
  }
}
