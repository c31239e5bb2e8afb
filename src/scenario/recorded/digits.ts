/** The bytes of characters that occur in instants. */
export const [hyphen, dot, colon, space, zero] = [0x2d, 0x2e, 0x3a, 0x20, 0x30] as const

export function isDigit(byte: number): boolean {
  return byte >= zero && byte <= zero + 9
}

/** Returns the number that the digits between `start` and `end` spell; NaN when there is none, or another character. */
export function digits(bytes: Buffer, start: number, end: number): number {
  if (start >= end) return Number.NaN
  let value = 0
  for (let at = start; at < end; at++) {
    if (!isDigit(bytes[at]!)) return Number.NaN
    value = value * 10 + bytes[at]! - zero
  }
  return value
}

/** Returns the end of the fraction that begins at `point`; `point` itself when there is no fraction. */
export function fractionEnd(bytes: Buffer, point: number, end: number): number {
  if (point >= end || bytes[point] !== dot) return point
  let at = point + 1
  while (at < end && isDigit(bytes[at]!)) at++
  // A point without digits is not a fraction, and stays where the caller expects the end.
  return at === point + 1 ? point : at
}
