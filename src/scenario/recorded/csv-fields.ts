const [comma, quote, space, tab, carriageReturn] = [0x2c, 0x22, 0x20, 0x09, 0x0d] as const

/**
 * Finds the fields of a line, without the blanks and quotes around them: field k is from `bounds[2k]` to `bounds[2k + 1]`.
 * Returns the number of fields, or -1 when a quote has no closing quote. Stops when `bounds` is full.
 */
export function splitFields(bytes: Buffer, start: number, end: number, bounds: Uint32Array): number {
  const mostFields = bounds.length >> 1
  let fields = 0
  for (let at = start; fields < mostFields; at++) {
    let from = at
    while (from < end && isBlank(bytes[from]!)) from++
    if (bytes[from] === quote && from < end) {
      const close = closingQuote(bytes, from + 1, end)
      if (close < 0) return -1
      bounds[2 * fields] = from + 1
      bounds[2 * fields + 1] = close
      at = close + 1
      while (at < end && bytes[at] !== comma) at++
    } else {
      at = from
      while (at < end && bytes[at] !== comma) at++
      let to = at
      while (to > from && isBlank(bytes[to - 1]!)) to--
      bounds[2 * fields] = from
      bounds[2 * fields + 1] = to
    }
    fields++
    if (at >= end) break
  }
  return fields
}

/** Whether the line has only blanks. */
export function isBlankLine(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isBlank(bytes[at]!)) return false
  return true
}

/** Returns the position of the closing quote, or -1 without one. Two quotes in a row are one quote within the field. */
function closingQuote(bytes: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== quote) continue
    if (at + 1 < end && bytes[at + 1] === quote) at++
    else return at
  }
  return -1
}

function isBlank(byte: number): boolean {
  return byte === space || byte === tab || byte === carriageReturn
}
