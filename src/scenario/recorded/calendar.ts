import { colon, digits, hyphen, space } from './digits.ts'

export const secondsPerDay = 86_400

const [capitalT, capitalZ, plus] = [0x54, 0x5a, 0x2b] as const

/** Whether a field begins as a date such as `2023-11-16` does. Both hyphens are needed, because 1.5e-05 has one at the same position. */
export function looksLikeDate(bytes: Buffer, start: number, end: number): boolean {
  return end - start >= 10 && bytes[start + 4] === hyphen && bytes[start + 7] === hyphen
}

/** Returns whole seconds since 1970, in the time zone of the text; NaN when the text is not a date and time. */
export function dateSeconds(bytes: Buffer, start: number, end: number): number {
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

/** Returns the seconds east of UTC for an empty text, Z, +02, +0200 or +02:00, also after a blank; NaN for any other text. */
export function offsetSeconds(bytes: Buffer, from: number, end: number): number {
  if (from === end) return 0
  const start = bytes[from] === space ? from + 1 : from
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
