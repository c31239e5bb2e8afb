import { BadRequest } from '../protocols/protocol.ts'

/** A part of a body as text again, as a model reads it. Throws a `BadRequest` where it is nested deeper than can be written. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    throw new BadRequest({ name: 'invalid-body' })
  }
}
