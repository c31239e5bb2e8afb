/** A tick is 100 ns, the finest unit in the recorded traces that we know. Finer digits are cut off. */
export const ticksPerMilli = 10_000

const perSecond = 1000 * ticksPerMilli
const secondsPerDay = 86_400
/** As seconds since 1970 this is the year 5138, so a greater number is a time in milliseconds, and is not accepted. */
const mostSeconds = 1e11

/** Reads an instant from its text. Returns NaN when the text is not an instant. */
export type ReadTicks = (bytes: Buffer, start: number, end: number) => number

/**
 * Returns a reader of dates such as `2023-11-16 18:15:46.6805900`, with an optional T, Z or +02:00, or of plain seconds.
 * The first instant decides which of the two all others must be. Ticks count from the start of the first instant's day or
 * second, because ticks since 1970 are too large for a double to hold exactly.
 */
export function tickReader(): ReadTicks {
  let isDate: boolean | undefined
  let origin: number | undefined

  function date(bytes: Buffer, start: number, end: number): number {
    const point = start + 19
    const zone = fractionEnd(bytes, point, end)
    const seconds = dateSeconds(bytes, start, end) - offset(bytes, zone, end)
    origin ??= Math.floor(seconds / secondsPerDay) * secondsPerDay
    return (seconds - origin) * perSecond + fractionTicks(bytes, point, zone)
  }

  function plainSeconds(bytes: Buffer, start: number, end: number): number {
    let point = start
    while (point < end && bytes[point] !== dot) point++
    const seconds = digits(bytes, start, point)
    if (!(seconds < mostSeconds) || fractionEnd(bytes, point, end) !== end) return scientific(bytes, start, end)
    origin ??= seconds
    return (seconds - origin) * perSecond + fractionTicks(bytes, point, end)
  }

  /** Reads seconds such as 1.5e-05, as some programs write small and large numbers. */
  function scientific(bytes: Buffer, start: number, end: number): number {
    const text = bytes.toString('latin1', start, end)
    const seconds = /^\d+(\.\d+)?[eE][+-]?\d{1,3}$/.test(text) ? Number(text) : Number.NaN
    if (!(seconds < mostSeconds)) return Number.NaN
    origin ??= Math.floor(seconds)
    return Math.round((seconds - origin) * perSecond)
  }

  return (bytes, start, end) => {
    // Both hyphens are needed, because 1.5e-05 has one at the same position.
    const looksLikeDate = end - start >= 10 && bytes[start + 4] === hyphen && bytes[start + 7] === hyphen
    isDate ??= looksLikeDate
    if (looksLikeDate !== isDate) return Number.NaN
    return isDate ? date(bytes, start, end) : plainSeconds(bytes, start, end)
  }
}

const [hyphen, dot, colon, space, zero] = [0x2d, 0x2e, 0x3a, 0x20, 0x30] as const
const [capitalT, capitalZ, plus] = [0x54, 0x5a, 0x2b] as const

/** Returns whole seconds since 1970, in the time zone of the text; NaN when the text is not a date and time. */
function dateSeconds(bytes: Buffer, start: number, end: number): number {
  const separator = bytes[start + 10]
  const hasDateShape =
    end - start >= 19 &&
    (separator === space || separator === capitalT) &&
    bytes[start + 13] === colon &&
    bytes[start + 16] === colon
  if (!hasDateShape) return Number.NaN
  const day = dayNumber(digits(bytes, start, start + 4), twoDigits(bytes, start + 5), twoDigits(bytes, start + 8))
  const hour = twoDigits(bytes, start + 11)
  const minute = twoDigits(bytes, start + 14)
  const second = twoDigits(bytes, start + 17)
  // A leap second (60) is read as the first second of the next minute.
  if (!(hour < 24 && minute < 60 && second < 61)) return Number.NaN
  return day * secondsPerDay + hour * 3600 + minute * 60 + second
}

/** Returns the end of the fraction that begins at `point`; `point` itself when there is no fraction. */
function fractionEnd(bytes: Buffer, point: number, end: number): number {
  if (point >= end || bytes[point] !== dot) return point
  let at = point + 1
  while (at < end && isDigit(bytes[at]!)) at++
  // A point without digits is not a fraction, and stays where the caller expects the end.
  return at === point + 1 ? point : at
}

function fractionTicks(bytes: Buffer, point: number, end: number): number {
  let ticks = 0
  let unit = perSecond / 10
  for (let at = point + 1; at < end && unit >= 1; at++, unit /= 10) ticks += (bytes[at]! - zero) * unit
  return ticks
}

/** Returns the seconds east of UTC for an empty text, Z, +02, +0200 or +02:00; NaN for any other text. */
function offset(bytes: Buffer, start: number, end: number): number {
  if (start === end) return 0
  const sign = bytes[start]
  if (sign === capitalZ && end === start + 1) return 0
  if (sign !== plus && sign !== hyphen) return Number.NaN
  const minutesAt = bytes[start + 3] === colon ? start + 4 : start + 3
  const hours = twoDigits(bytes, start + 1)
  const minutes = end === start + 3 ? 0 : minutesAt + 2 === end ? twoDigits(bytes, minutesAt) : Number.NaN
  if (!(hours < 24 && minutes < 60)) return Number.NaN
  return (sign === plus ? 1 : -1) * (hours * 3600 + minutes * 60)
}

function twoDigits(bytes: Buffer, start: number): number {
  return digits(bytes, start, start + 2)
}

function digits(bytes: Buffer, start: number, end: number): number {
  if (start >= end) return Number.NaN
  let value = 0
  for (let at = start; at < end; at++) {
    if (!isDigit(bytes[at]!)) return Number.NaN
    value = value * 10 + bytes[at]! - zero
  }
  return value
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= zero + 9
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** Returns days since 1970 in the Gregorian calendar; NaN for a day that the calendar does not have. */
function dayNumber(year: number, month: number, day: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const length = (monthDays[month - 1] ?? Number.NaN) + (month === 2 && isLeap ? 1 : 0)
  if (!(day >= 1 && day <= length)) return Number.NaN
  // The year is counted from March, so that a leap day is its last day.
  const y = month > 2 ? year : year - 1
  const m = (month + 9) % 12
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  return 365 * y + leapDays + Math.floor((153 * m + 2) / 5) + day - 719_469
}
