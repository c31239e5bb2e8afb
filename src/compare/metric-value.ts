import { show } from '../core/expect.ts'
import { metricKinds } from './metric-kinds.ts'
import type { Metrics } from './raw-result.ts'

const unitLengths: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }

/** A figure, or the sentence that says what is wrong with its text. */
export type ValueRead = { readonly value: number } | { readonly problem: string }

/**
 * Reads a figure of a metric as users type it. A share is a number from 0 to 1 or a percentage such as `99%`; a time has a unit, such as
 * `500ms`, `30s`, `2min` or `1h`; any other figure is a number >= 0. `field` names the text in messages.
 */
export function readMetricValue(field: string, metric: keyof Metrics, typed: string): ValueRead {
  const { kind } = metricKinds[metric]
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?|\.\d+) ?([%a-z]*)$/.exec(typed.trim()) ?? []
  const number = Number(digits)
  const value = digits === undefined ? undefined : figureIn(kind, number, unit)
  if (value !== undefined && Number.isFinite(value)) return { value }
  return { problem: `Expected \`${field}\` to compare ${metric} with ${expected(kind)}, got ${show(typed.trim())}` }
}

function figureIn(kind: string, number: number, unit: string): number | undefined {
  if (kind === 'time') return Object.hasOwn(unitLengths, unit) ? number * unitLengths[unit]! : undefined
  if (kind !== 'share') return unit === '' ? number : undefined
  const share = unit === '%' ? number / 100 : number
  return (unit === '%' || unit === '') && share <= 1 ? share : undefined
}

function expected(kind: string): string {
  if (kind === 'time') return 'a time and its unit, such as 500ms, 30s, 2min or 1h'
  if (kind === 'share') return 'a number from 0 to 1 or a percentage, such as 0.99 or 99%'
  return 'a number >= 0, such as 1.2'
}
