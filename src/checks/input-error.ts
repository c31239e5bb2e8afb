/** A user's mistake: its message says what to do, and it is shown without a stack trace. */
export class InputError extends Error {
  readonly code = 'INPUT_INVALID'
  constructor(message: string) {
    super(message)
    this.name = 'InputError'
  }
}
