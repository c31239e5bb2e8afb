import type { Estimate } from '../compare/statistics.ts'
import { harmlessJson } from '../core/printable.ts'

/** Returns an estimate as programs read it. */
export function jsonInterval({ value, low, high }: Estimate) {
  return { value: jsonNumber(value), low: jsonNumber(low), high: jsonNumber(high) }
}

/** Rounds to six significant digits, so that rounding errors do not change the bytes. */
export function sixDigits(value: number): number {
  return Number(value.toPrecision(6))
}

/** Rounds to six significant digits. JSON has neither NaN nor infinity, so they become null. */
export function jsonNumber(value: number): number | null {
  return Number.isFinite(value) ? sixDigits(value) : null
}

/** Writes JSON with indentation. A list or an object of plain values stays on one line. */
export function indentedJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return harmlessJson(value)
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null))
      return `[${value.map((item) => indentedJson(item)).join(', ')}]`
    return `[\n${value.map((item) => inner + indentedJson(item, inner)).join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(value).map(([key, item]) => `${harmlessJson(key)}: ${indentedJson(item, inner)}`)
  const flat = Object.values(value).every((item) => item === null || typeof item === 'number')
  if (entries.length === 0) return '{}'
  return flat ? `{ ${entries.join(', ')} }` : `{\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}}`
}
