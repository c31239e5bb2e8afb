/** Returns the greatest of the values and `atLeast`. `Math.max(...values)` ends with a RangeError at some 120,000 values. Default: `-Infinity`. */
export function maximum(values: Iterable<number>, atLeast = -Infinity): number {
  let most = atLeast
  for (const value of values) most = Math.max(most, value)
  return most
}

/** Returns the smallest of the values and `atMost`. Default: `Infinity`. */
export function minimum(values: Iterable<number>, atMost = Infinity): number {
  let least = atMost
  for (const value of values) least = Math.min(least, value)
  return least
}
