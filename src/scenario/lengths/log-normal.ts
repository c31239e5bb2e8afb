import { type Checks, number, object } from '../../checks/shape.ts'

/** A log-normal number of tokens: min(`most`, max(1, round(`median` × exp(`spread` × z)))), where z is standard normal. */
export interface LogNormal {
  /** The median, in tokens. */
  readonly median: number
  /** The standard deviation of the logarithm. 0 gives the median every time. */
  readonly spread: number
  /** The greatest number of tokens. */
  readonly most: number
}

export const logNormalCheck = object({
  median: number({ above: 0, atMost: 10_000_000 }),
  spread: number({ atLeast: 0, atMost: 10 }),
  most: number({ atLeast: 1, atMost: 10_000_000, whole: true }),
} satisfies Checks<LogNormal>)

/** The number of tokens that belongs to a standard normal number. */
export function tokensAtNormal({ median, spread, most }: LogNormal, normal: number): number {
  return Math.min(most, Math.max(1, Math.round(median * Math.exp(spread * normal))))
}

/** The mean of a log-normal number of tokens: the sum over z of what is drawn at z, with the weights of the normal distribution. */
export function meanOfLogNormal(tokens: LogNormal): number {
  const step = 0.01
  let sum = 0
  let weights = 0
  for (let z = -6; z <= 6; z += step) {
    const weight = Math.exp((-z * z) / 2)
    sum += weight * tokensAtNormal(tokens, z)
    weights += weight
  }
  return sum / weights
}
