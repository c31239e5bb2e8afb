import { show } from '../core/expect.ts'

/** Checks an option that lists alternatives, and copies it. Quotes none of them: they may be keys. */
export function expectList(field: string, value: readonly string[]): readonly string[] {
  const isList = Array.isArray(value)
  if (isList && value.length > 0 && value.every((item) => typeof item === 'string' && item !== '')) return [...value]
  const got = !isList ? show(value) : value.length === 0 ? 'an empty list' : 'a list with something else in it'
  throw new RangeError(`Expected \`${field}\` to be a list of one or more non-empty strings, got ${got}`)
}
