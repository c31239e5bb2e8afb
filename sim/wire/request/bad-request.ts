import type { WireError } from '../../errors/envelope.ts'

/** An error that the request itself causes, whatever the state of the provider. */
export class BadRequest extends Error {
  readonly error: WireError
  constructor(error: WireError) {
    super(error.detail ?? error.name)
    this.name = 'BadRequest'
    this.error = error
  }
}
