import { InvalidArgumentError } from 'commander'

/** The parts of a list such as `a, b`; empty parts are left out. */
export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}

/** Adds one more value to those that a repeatable option already has. */
export function collect(text: string, before: readonly string[]): string[] {
  return [...before, text]
}

/** Reads a whole number between two bounds; `field` names the option in the error. */
export function wholeNumber(field: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(
      `Expected \`${field}\` to be a whole number >= ${least} and <= ${most}, got ${text}.`,
    )
  }
}
