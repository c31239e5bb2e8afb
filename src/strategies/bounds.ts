import type { Millis } from '../core/clock.ts'
import { expectNumber, expectOneOf, OptionError, show } from '../core/expect.ts'
import { type Limit, limitRules, limitsOn, longestWindow, type Unit } from '../core/limit.ts'

// The bounds of options: every wait that follows from an option within them is a number that a clock can count.

/** The longest wait, in milliseconds: about 30 years. A longer one is a mistake. */
export const longestWait: Millis = 1e12

/** The most attempts with waits of 2^k s between them, k = 0, 1, …: the last wait is 2^29 s, and a further one would exceed `longestWait`. */
export const mostDoublings = 31

/**
 * The longest interval of a rate, in milliseconds: about eleven days. Millions of calls may wait in line, and the slot of the last
 * one must still be an instant that a clock can count.
 */
export const longestInterval: Millis = 1e9

/** Checks a rate of `value` per `window`: it is > 0, and its interval `window / value` is not too long. Throws an `OptionError`. */
export function expectRate(field: string, value: number, window: Millis): void {
  expectNumber(field, value, { above: 0 })
  expectNumber(field, value, { atLeast: window / longestInterval })
}

/** Checks a text that must not be empty. Throws an `OptionError`. */
export function expectText(field: string, value: string): void {
  if (typeof value === 'string' && value !== '') return
  throw new OptionError(`Expected \`${field}\` to be a non-empty string, got ${show(value)}`)
}

/** Checks a list of texts and returns a copy. Throws an `OptionError` that does not quote the texts, since they may be keys. */
export function expectList(field: string, value: readonly string[]): readonly string[] {
  const isList = Array.isArray(value)
  if (isList && value.length > 0 && value.every((item) => typeof item === 'string' && item !== '')) return [...value]
  const got = !isList ? show(value) : value.length === 0 ? 'an empty list' : 'a list with something else in it'
  throw new OptionError(`Expected \`${field}\` to be a list of one or more non-empty strings, got ${got}`)
}

/**
 * Checks the limits that a client is told, and returns those of one unit, or all of them. Throws an `OptionError` for a wrong limit, and when
 * there is none.
 */
export function expectLimits(field: string, value: readonly Limit[], unit?: Unit): readonly Limit[] {
  const kind = `a list of one or more limits${unit ? ` of ${unit}` : ''}`
  if (!Array.isArray(value)) throw new OptionError(`Expected \`${field}\` to be ${kind}, got ${show(value)}`)
  for (const [i, each] of value.entries()) expectLimit(`${field}[${i}]`, each)
  const told = unit ? limitsOn(unit, value) : [...value]
  if (told.length > 0) return told
  throw new OptionError(`Expected \`${field}\` to be ${kind}, got ${value.length === 0 ? 'an empty list' : 'none'}`)
}

function expectLimit(field: string, value: Limit): void {
  if (typeof value !== 'object' || value === null)
    throw new OptionError(`Expected \`${field}\` to be a limit, got ${show(value)}`)
  const { rule, limit, window } = value
  expectOneOf(`${field}.rule`, rule, limitRules)
  expectNumber(`${field}.limit`, limit, { atLeast: 1, whole: true })
  expectNumber(`${field}.window`, window, { atLeast: 1, atMost: longestWindow, whole: true })
  expectRate(`${field}.limit`, limit, window)
}
