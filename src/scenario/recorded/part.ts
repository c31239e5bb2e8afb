import { InputError } from '../../checks/input-error.ts'
import { show } from '../../core/expect.ts'
import { type ReadTicks, ticksPerMilli } from './ticks.ts'

/** The part of a recorded trace that is replayed. */
export interface PartOptions {
  /**
   * The first instant of the part: a duration since the trace's start, such as `90m`, `2h` or `1d12h`, or an instant as the file spells
   * it. Default: the start of the trace.
   */
  readonly from?: string
  /** The instant at which the part ends, spelled like `from`; a row at it is left out. Default: the end of the trace. */
  readonly to?: string
  /** A whole number n >= 1: of the rows between `from` and `to`, in the order of the file, the first of every n is kept. Default: 1. */
  readonly every?: number
}

const unitMillis = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Returns the milliseconds of a duration such as `90m` or `1h30m`; undefined for any other text. */
export function durationMillis(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined
  let millis = 0
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    millis += Number(count) * unitMillis[unit as keyof typeof unitMillis]
  return millis
}

/** Whether a bound of the part counts from the start of the trace. */
export function countsFromStart({ from, to }: PartOptions): boolean {
  return isDuration(from) || isDuration(to)
}

function isDuration(text: string | undefined): boolean {
  return text !== undefined && durationMillis(text) !== undefined
}

/** How the file spells instants, and what messages about it need. */
export interface Spelling {
  readonly path: string
  readonly ticksOf: ReadTicks
  /** The first row's arrival. */
  readonly example: string
  /** The text before the name of an option in messages. */
  readonly prefix: string
}

/** The ticks from which and before which rows are replayed. */
export interface TickBounds {
  readonly from: number
  readonly to: number
}

/** Returns the bounds of the part in a trace that starts at the instant `start`. Throws an `InputError` for a text that is no instant. */
export function tickBounds({ from, to }: PartOptions, start: number, spelling: Spelling): TickBounds {
  const bounds = {
    from: from === undefined ? -Infinity : instant('from', from, start, spelling),
    to: to === undefined ? Infinity : instant('to', to, start, spelling),
  }
  // Bounds of two kinds can be compared only when the start is known; a part without rows is reported in the end.
  const areAlike = isDuration(from) === isDuration(to)
  if (bounds.from < bounds.to || !areAlike) return bounds
  const { prefix } = spelling
  throw new InputError(
    `Expected \`${prefix}to\` to be later than \`${prefix}from\`, got ${show(to)} and ${show(from)}: rows at the end itself are left out`,
  )
}

function instant(name: string, text: string, start: number, { path, ticksOf, example, prefix }: Spelling): number {
  const millis = durationMillis(text)
  if (millis !== undefined) return start + Math.round(millis * ticksPerMilli)
  const bytes = Buffer.from(text)
  const ticks = ticksOf(bytes, 0, bytes.length)
  if (!Number.isNaN(ticks)) return ticks
  throw new InputError(
    `Expected \`${prefix}${name}\` to be a duration since the start of the trace, such as 90m or 2h, or an instant as ${path} spells it, ` +
      `such as ${show(example)}, got ${show(text)}`,
  )
}
