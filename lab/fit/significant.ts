/** Rounds to four significant digits. Those after them are noise in a fit, and hard to read in a scenario. */
export function significant(value: number): number {
  return Number(value.toPrecision(4))
}
