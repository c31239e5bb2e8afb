import type { WireError } from '../../errors/envelope.ts'

/** A request that is wrong in itself. */
export class BadRequest extends Error {
  readonly error: WireError
  constructor(error: WireError) {
    super(error.detail ?? error.name)
    this.name = 'BadRequest'
    this.error = error
  }
}
