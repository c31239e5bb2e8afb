import { BadRequest } from './bad-request.ts'

const strict = new TextDecoder('utf-8', { fatal: true })

/** A body as text. Empty where it is not UTF-8: then it is no JSON either, and answered as such. */
export function bodyText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return ''
  }
}

/** A part of a body as text again, as a model reads it. Throws a `BadRequest` where it is nested deeper than can be written. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    throw new BadRequest({ name: 'invalid-body' })
  }
}

/** Whether a value nests deeper than so many levels: what is to be written back must not, for writing is recursive. */
export function nestsDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((each) => nestsDeeperThan(levels - 1, each))
}
