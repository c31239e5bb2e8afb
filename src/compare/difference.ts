import { maximum, minimum } from '../core/extremes.ts'
import { type Estimate, estimate, mean, pairedTest, sorted, studentCdf, studentQuantile } from './statistics.ts'

/** How much a figure differs between two results: the second minus the first, with a 95 % interval and a test. */
export interface DifferenceEstimate extends Estimate {
  /** The two-sided p-value of the test that there is no difference. NaN when there are too few values for a test. */
  readonly p: number
}

const unknown: DifferenceEstimate = { value: Number.NaN, low: Number.NaN, high: Number.NaN, p: Number.NaN }

/**
 * Estimates a difference from pairs: `before[i]` and `after[i]` are of the same seed. The interval and the test are Student's on the
 * differences of the pairs. When a difference is infinite the interval is between two order statistics, and the test is the sign test;
 * when all are equally infinite, as of calls that are answered only in one result, the difference is certain.
 * Pairs in which a figure does not exist (NaN) are left out.
 */
export function pairedDifference(before: readonly number[], after: readonly number[]): DifferenceEstimate {
  const pairs = before.map((value, i) => [value, after[i]!] as const).filter((pair) => !pair.some(Number.isNaN))
  if (pairs.length === 0) return unknown
  const differences = pairs.map(([a, b]) => minus(b, a))
  const none = differences.map(() => 0)
  if (differences.every(Number.isFinite)) return { ...estimate(differences), p: pairedTest(differences, none) }
  const [first] = differences
  // As with finite figures: a difference that is the same on every seed is certain.
  if (differences.length > 1 && differences.every((each) => each === first))
    return { value: first!, low: first!, high: first!, p: 0 }
  return { ...estimate(differences), value: medianNearestZero(differences), p: signTest(differences) }
}

/**
 * Estimates a difference of two samples that have no seeds in common. The interval and the test are Welch's. When a value is infinite
 * the value is the difference of the medians, the interval is the widest that the intervals of the two medians allow, and the test
 * asks only whether every value of one sample lies above every value of the other.
 */
export function unpairedDifference(before: readonly number[], after: readonly number[]): DifferenceEstimate {
  const [a, b] = [before, after].map((values) => values.filter((value) => !Number.isNaN(value))) as [number[], number[]]
  if (a.length === 0 || b.length === 0) return unknown
  const [first, second] = [estimate(a), estimate(b)]
  const value = minus(second.value, first.value)
  if (a.length < 2 || b.length < 2) return { ...unknown, value }
  if ([...a, ...b].every(Number.isFinite)) return welch(a, b, value)
  return {
    value,
    low: minus(second.low, first.high),
    high: minus(second.high, first.low),
    p: isOnlyOneInfinite(a, b) ? 0 : isApart(a, b) ? 2 / choose(a.length + b.length, a.length) : 1,
  }
}

/** Subtracts so that two infinite times, of which neither ever ends, do not differ. */
function minus(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/** Returns the median; of an even number of values, the one of the two in the middle that is nearer to zero, or 0 when their signs differ. */
function medianNearestZero(values: readonly number[]): number {
  const ascending = sorted(values)
  const lower = ascending[Math.ceil(values.length / 2) - 1]!
  const upper = ascending[Math.floor(values.length / 2)]!
  if (lower > 0) return lower
  return Math.min(upper, 0) + 0
}

/** Returns the two-sided p-value of the sign test: how likely so few signs of one kind are when both kinds are equally likely. */
function signTest(differences: readonly number[]): number {
  if (differences.length < 2) return Number.NaN
  const above = differences.filter((each) => each > 0).length
  const below = differences.filter((each) => each < 0).length
  const n = above + below
  let total = 0
  for (let k = 0; k <= Math.min(above, below); k++) total += choose(n, k) / 2 ** n
  return Math.min(1, 2 * total)
}

function choose(n: number, k: number): number {
  let ways = 1
  for (let i = 1; i <= Math.min(k, n - k); i++) ways *= (n - Math.min(k, n - k) + i) / i
  return ways
}

/** Whether every value of one sample is infinite and none of the other. The difference is then certain. */
function isOnlyOneInfinite(a: readonly number[], b: readonly number[]): boolean {
  const isInfinite = (value: number) => value === Infinity
  return (a.every(isInfinite) && !b.some(isInfinite)) || (b.every(isInfinite) && !a.some(isInfinite))
}

function isApart(a: readonly number[], b: readonly number[]): boolean {
  const [lowA, highA, lowB, highB] = [minimum(a), maximum(a), minimum(b), maximum(b)]
  return highA < lowB || highB < lowA
}

/** Welch's t-test, whose degrees of freedom are those of Welch and Satterthwaite. */
function welch(a: readonly number[], b: readonly number[], value: number): DifferenceEstimate {
  const [ofA, ofB] = [squaredError(a), squaredError(b)]
  const error = Math.sqrt(ofA + ofB)
  if (error === 0) return { value, low: value, high: value, p: value === 0 ? 1 : 0 }
  // The shares keep the squares of very large and very small errors within the range of a double.
  const [shareA, shareB] = [ofA / (ofA + ofB), ofB / (ofA + ofB)]
  const freedom = 1 / (shareA ** 2 / (a.length - 1) + shareB ** 2 / (b.length - 1))
  const half = studentQuantile(0.975, freedom) * error
  return { value, low: value - half, high: value + half, p: 2 * studentCdf(-Math.abs(value) / error, freedom) }
}

/** The variance of a sample's mean. */
function squaredError(values: readonly number[]): number {
  const middle = mean(values)
  return values.reduce((total, value) => total + (value - middle) ** 2, 0) / (values.length - 1) / values.length
}

/**
 * Corrects the p-values of several tests by Holm's method: when nothing differs, the probability that any of them is below 0.05 stays
 * at most 0.05. A NaN is no test and stays NaN.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues
    .map((p, i) => ({ p, i }))
    .filter(({ p }) => !Number.isNaN(p))
    .sort((a, b) => a.p - b.p)
  const corrected = pValues.map(() => Number.NaN)
  let greatest = 0
  order.forEach(({ p, i }, before) => {
    greatest = Math.max(greatest, Math.min(1, (order.length - before) * p))
    corrected[i] = greatest
  })
  return corrected
}
