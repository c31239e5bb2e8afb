/** The probability that a number of tokens is this or less. */
export type Distribution = (tokens: number) => number

/**
 * The Kolmogorov–Smirnov distance of some whole numbers, ascending, from a distribution of whole numbers: the greatest difference of their
 * shares up to any number. NaN without numbers.
 */
export function ksDistance(ascending: ArrayLike<number>, distribution: Distribution): number {
  const { length } = ascending
  if (length === 0) return Number.NaN
  let farthest = distribution(ascending[0]! - 1)
  for (let i = 0; i < length; i++) {
    const [tokens, next] = [ascending[i]!, ascending[i + 1] ?? ascending[i]!]
    if (tokens === next && i + 1 < length) continue
    const share = (i + 1) / length
    // Up to the next number the share stays, while the distribution rises.
    const ends = [distribution(tokens), ...(i + 1 < length ? [distribution(next - 1)] : [])]
    for (const end of ends) farthest = Math.max(farthest, Math.abs(share - end))
  }
  return farthest
}

/** The standard normal distribution, with an error below 10⁻⁶ (Abramowitz and Stegun, 7.1.26). */
export function normalShare(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const upper = (polynomial * Math.exp(-x * x)) / 2
  return z > 0 ? 1 - upper : upper
}
