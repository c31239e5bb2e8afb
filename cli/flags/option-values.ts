import { InvalidArgumentError } from 'commander'
import { InputError } from '../../src/checks/input-error.ts'
import type { Millis } from '../../src/core/clock.ts'
import { lengthProblem, millisOf } from '../../src/scenario/limit-text.ts'

/** Returns the parts of a list such as `a, b`. Empty parts are left out. */
export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}

/**
 * Returns the items of a list of strategies such as `none,retry-full:attempts=5,base=500`. A comma also stands between the options of one
 * item: a part that is an option, and not an item with a colon of its own, belongs to the item before it.
 */
export function strategyList(text: string): string[] {
  const items: string[] = []
  for (const part of commaList(text))
    if (/^\w+=/.test(part) && items.at(-1)?.includes(':')) items.push(`${items.pop()},${part}`)
    else items.push(part)
  return items
}

/** Adds a value to those that a repeatable option already has. */
export function collect(text: string, before: readonly string[]): string[] {
  return [...before, text]
}

/** Returns a reader of whole numbers between two bounds. It throws an error that names the option `field`. */
export function wholeNumber(field: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(
      `Expected \`${field}\` to be a whole number >= ${least} and <= ${most}, got ${text}.`,
    )
  }
}

/** Reads a length of time of real time, such as `20s`. It throws an error that names the option `field`. */
export function lengthOfTime(field: string, most: Millis): (text: string) => Millis {
  return (text) => {
    const length = /^0+(ms|s|m|min|h)?$/.test(text) ? 0 : millisOf(text)
    if (length !== undefined && length <= most) return length
    throw new InvalidArgumentError(`${lengthProblem(field, text)}. It may be at most ${most / 3_600_000}h.`)
  }
}

/** Checks that the option `--out` names a folder. */
export function expectFolder(out: string): void {
  if (out === '') throw new InputError('Expected `--out` to name a folder, got ""')
}
