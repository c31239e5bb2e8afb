import type { Millis } from '../core/clock.ts'
import { expectNumber, OptionError, show } from '../core/expect.ts'
// What options may ask for at most, so that every wait that follows from them is a number that a clock can count.

/** Some 30 years. Whoever asks for a longer wait made a mistake. */
export const longestWait: Millis = 1e12

/** With waits of 2^k s between them, so many attempts end on a wait of 2^29 s; the next ones are beyond `longestWait`. */
export const mostDoublings = 31

/** Some eleven days. Millions of calls may stand in line, and the slot of the last one is to be an instant, too. */
const longestInterval: Millis = 1e9

/** Checks a rate of so many a `window`: > 0, and its interval no longer than the longest. That of 1e-310 would be infinite. */
export function expectRate(field: string, value: number, window: Millis): void {
  expectNumber(field, value, { above: 0 })
  expectNumber(field, value, { atLeast: window / longestInterval })
}

/** Checks an option that lists alternatives, and copies it. Quotes none of them: they may be keys. */
export function expectList(field: string, value: readonly string[]): readonly string[] {
  const isList = Array.isArray(value)
  if (isList && value.length > 0 && value.every((item) => typeof item === 'string' && item !== '')) return [...value]
  const got = !isList ? show(value) : value.length === 0 ? 'an empty list' : 'a list with something else in it'
  throw new OptionError(`Expected \`${field}\` to be a list of one or more non-empty strings, got ${got}`)
}
