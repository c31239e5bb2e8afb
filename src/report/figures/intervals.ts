import type { Estimate } from '../../compare/statistics.ts'
import { fixed, notApplicable } from './figures.ts'

/**
 * Writes a figure with its 95 % interval: `12.3 s (11.9–12.8)`, or `12.3 s (11.9 s–never)` when the bounds have other units. Writes the figure
 * alone when it has no interval, or when the interval is narrower than the figure's last digit.
 */
export function withInterval({ value, low, high }: Estimate, format: (value: number) => string): string {
  const shown = format(value)
  const bounds = intervalText(low, high, format, shown)
  return bounds === undefined ? shown : `${shown} (${bounds})`
}

/** Writes the bounds of an interval, without the unit that they share with the figure. Returns undefined when there is none to show. */
function intervalText(low: number, high: number, format: (value: number) => string, shown: string): string | undefined {
  if (Number.isNaN(low) || Number.isNaN(high)) return undefined
  const [lower, upper] = [format(low), format(high)]
  if (lower === upper && lower === shown) return undefined
  const [own, ...others] = [shown, lower, upper].map(partsOf)
  const haveOneUnit = others.every((each) => each.before === own!.before && each.after === own!.after)
  return haveOneUnit ? others.map(({ number }) => number).join('–') : `${lower}–${upper}`
}

/** Splits a figure such as `$4.40` or `12.3 s` into its number and what stands before and after it. */
function partsOf(figure: string): { before: string; number: string; after: string } {
  const [, before = '', number = figure, after = ''] = /^([^\d<>]*)([<>]?[\d.,]+)(.*)$/.exec(figure) ?? []
  return { before, number, after }
}

export function pValue(p: number): string {
  if (Number.isNaN(p)) return notApplicable
  return p < 0.001 ? '<0.001' : fixed(p, 3)
}
