import { dateSeconds, looksLikeDate, offsetSeconds, secondsPerDay } from './calendar.ts'
import { digits, dot, fractionEnd, isDigit, zero } from './digits.ts'

/** A tick is 100 ns, the finest unit in the recorded traces that we know. Finer digits are cut off. */
export const ticksPerMilli = 10_000

const perSecond = 1000 * ticksPerMilli
/** As seconds since 1970 this is the year 5138, so a greater number has a finer unit, and is not accepted. */
const mostSeconds = 1e11

/** The units of numbers that are times, each with the number of decimal places by which it is finer than a second. */
export const timeUnits = { s: 0, ms: 3, us: 6, ns: 9 } as const

/** The unit of a column of numbers that are times. */
export type TimeUnit = keyof typeof timeUnits

/** Reads an instant from its text. Returns NaN when the text is not an instant. */
export type ReadTicks = (bytes: Buffer, start: number, end: number) => number

/**
 * Returns a reader of dates such as `2023-11-16 18:15:46.6805900`, with an optional T, Z or +08:00, or of plain numbers of `unit`.
 * The first instant decides which of the two all others must be. Ticks count from the start of the first instant's day or
 * second, because ticks since 1970 are too large for a double to hold exactly.
 */
export function tickReader(unit: TimeUnit = 's'): ReadTicks {
  const places = timeUnits[unit]
  let isDate: boolean | undefined
  let origin: number | undefined

  function date(bytes: Buffer, start: number, end: number): number {
    const point = start + 19
    const zone = fractionEnd(bytes, point, end)
    const seconds = dateSeconds(bytes, start, end) - offsetSeconds(bytes, zone, end)
    if (Number.isNaN(seconds)) return Number.NaN
    origin ??= Math.floor(seconds / secondsPerDay) * secondsPerDay
    return (seconds - origin) * perSecond + ticksBelowSecond(bytes, start, point, zone)
  }

  /** A number of milliseconds is read as seconds whose decimal point stands three digits further left; no digit is rounded. */
  function plainNumber(bytes: Buffer, start: number, end: number): number {
    let point = start
    while (point < end && isDigit(bytes[point]!)) point++
    if (point === start || fractionEnd(bytes, point, end) !== end) return scientific(bytes, start, end)
    const secondsEnd = point - places
    const seconds = secondsEnd > start ? digits(bytes, start, secondsEnd) : 0
    if (!(seconds < mostSeconds)) return Number.NaN
    origin ??= seconds
    return (seconds - origin) * perSecond + ticksBelowSecond(bytes, start, secondsEnd, end)
  }

  /** Reads numbers such as 1.5e-05, as some programs write small and large ones. */
  function scientific(bytes: Buffer, start: number, end: number): number {
    const text = bytes.toString('latin1', start, end)
    const seconds = /^\d+(\.\d+)?[eE][+-]?\d{1,3}$/.test(text) ? Number(text) / 10 ** places : Number.NaN
    if (!(seconds < mostSeconds)) return Number.NaN
    origin ??= Math.floor(seconds)
    return Math.round((seconds - origin) * perSecond)
  }

  return (bytes, start, end) => {
    const isLikeDate = looksLikeDate(bytes, start, end)
    isDate ??= isLikeDate
    if (isLikeDate !== isDate) return Number.NaN
    return isDate ? date(bytes, start, end) : plainNumber(bytes, start, end)
  }
}

/** Returns the ticks of the digits from the decimal point at `from`, which may stand left of `start`, up to `end`. */
function ticksBelowSecond(bytes: Buffer, start: number, from: number, end: number): number {
  let ticks = 0
  let unit = perSecond / 10
  for (let at = from; at < end && unit >= 1; at++) {
    if (at >= start && bytes[at] === dot) continue
    if (at >= start) ticks += (bytes[at]! - zero) * unit
    unit /= 10
  }
  return ticks
}
