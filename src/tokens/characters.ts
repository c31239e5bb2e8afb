/** Estimates the tokens of a text with so many narrow and wide characters. */
export function tokensOf(narrow: number, wide: number): number {
  return Math.ceil(narrow / 4 + wide / 1.5)
}

/** Whether a UTF-16 unit is a Chinese, Japanese or Korean character, or the first half of a pair. */
export function isWide(unit: number): boolean {
  if (unit < 0x2e80) return false
  if (unit <= 0x9fff) return true
  return (unit >= 0xac00 && unit <= 0xdbff) || (unit >= 0xf900 && unit <= 0xfaff) || unit >= 0xff00
}

/**
 * Whether a UTF-16 unit that is not wide is a character. Rare characters and emoji are pairs of units: the first unit counts as wide, the second is
 * not counted.
 */
export function isNarrow(unit: number): boolean {
  return unit < 0xdc00 || unit > 0xdfff
}
