import { atMost, type Check, list, number } from '../../checks/shape.ts'

/**
 * A number of tokens by its quantiles: the first is the least, the last the greatest, and the others divide the probability between them
 * evenly. 21 of them are the minimum, the 5th, 10th, …, 95th percentile and the maximum.
 */
export type Quantiles = readonly number[]

const mostTokens = 10_000_000

/** Returns the check of a table of quantiles whose smallest number is at least `least`. */
export function quantilesCheck(least: 0 | 1): Check {
  const numbers = atMost(1001, list(number({ atLeast: least, atMost: mostTokens, whole: true })))
  return (field, value) => {
    const problems = numbers(field, value)
    return problems.length > 0 ? problems : orderProblems(field, value as Quantiles)
  }
}

function orderProblems(field: string, quantiles: Quantiles): string[] {
  if (quantiles.length < 2)
    return [`Expected \`${field}\` to have at least 2 quantiles, the least and the greatest, got ${quantiles.length}`]
  const at = quantiles.findIndex((each, i) => i > 0 && each < quantiles[i - 1]!)
  if (at < 0) return []
  return [
    `Expected \`${field}[${at}]\` to be at least the quantile before it, ${quantiles[at - 1]}, got ${quantiles[at]}`,
  ]
}

/**
 * The number of tokens that a call has with this probability or fewer, rounded: low + share × (high − low) between two quantiles. The last step
 * is the tail, and there it is low × (high ÷ low)^(share³), since few calls come near the greatest. With 21 quantiles this keeps the mean of
 * the recorded traces within 7 %; a straight line would exceed it by up to 20 %.
 */
export function tokensAt(quantiles: Quantiles, probability: number): number {
  const place = probability * (quantiles.length - 1)
  const step = Math.min(Math.floor(place), quantiles.length - 2)
  const [low, high] = [quantiles[step]!, quantiles[step + 1]!]
  const share = place - step
  const isTail = step === quantiles.length - 2 && low > 0
  return Math.round(isTail ? low * (high / low) ** (share ** 3) : low + (high - low) * share)
}

/** The mean number of tokens when numbers above `most` are cut. */
export function meanTokens(quantiles: Quantiles, most: number): number {
  const draws = 10_000
  let sum = 0
  for (let i = 0; i < draws; i++) sum += Math.min(most, tokensAt(quantiles, (i + 0.5) / draws))
  return sum / draws
}
