import { maximum, minimum } from '../core/extremes.ts'
import { type Estimate, estimate, mean, pairedTest, sorted, studentCdf } from './statistics.ts'

/** How much a figure differs between two results: the second minus the first, with a 95 % interval and a test. */
export interface DifferenceEstimate extends Estimate {
  /** The two-sided p-value of the test that there is no difference. NaN when there are too few values for a test. */
  readonly p: number
}

const unknown: DifferenceEstimate = { value: Number.NaN, low: Number.NaN, high: Number.NaN, p: Number.NaN }

/**
 * Estimates a difference from pairs: `before[i]` and `after[i]` are of the same seed. The value is the median of the differences with its
 * exact interval. The test is the paired t-test, which counts how large the differences are beside their spread; when a difference is
 * infinite it is the sign test. A difference that is the same on every seed is certain, as of calls that are answered only in one result.
 * Pairs in which a figure does not exist (NaN) are left out.
 */
export function pairedDifference(before: readonly number[], after: readonly number[]): DifferenceEstimate {
  const pairs = before.map((value, i) => [value, after[i]!] as const).filter((pair) => !pair.some(Number.isNaN))
  if (pairs.length === 0) return unknown
  const differences = pairs.map(([a, b]) => minus(b, a))
  const [first] = differences
  if (differences.length > 1 && differences.every((each) => each === first))
    return { value: first!, low: first!, high: first!, p: first === 0 ? 1 : 0 }
  const none = differences.map(() => 0)
  const p = differences.every(Number.isFinite) ? pairedTest(differences, none) : signTest(differences)
  return { ...estimate(differences), value: medianNearestZero(differences), p }
}

/**
 * Estimates a difference of two samples that have no seeds in common: by how much the values of one lie above those of the other. The value
 * is the median of the differences of each value from each (Hodges and Lehmann), and the interval is that of the test of Mann and Whitney.
 * The test is Welch's. When a value is infinite, the test asks only whether every value of one sample lies above every value of the other.
 */
export function unpairedDifference(before: readonly number[], after: readonly number[]): DifferenceEstimate {
  const [a, b] = [before, after].map((values) => values.filter((value) => !Number.isNaN(value))) as [number[], number[]]
  if (a.length === 0 || b.length === 0) return unknown
  const differences = sorted(b.flatMap((after) => a.map((before) => minus(after, before))))
  const value = medianNearestZero(differences)
  const cut = shiftCut(a.length, b.length)
  const [low, high] = cut < 0 ? [Number.NaN, Number.NaN] : [differences[cut]!, differences.at(-1 - cut)!]
  if (a.length < 2 || b.length < 2) return { ...unknown, value }
  const p = [...a, ...b].every(Number.isFinite)
    ? welchTest(a, b)
    : isOnlyOneInfinite(a, b)
      ? 0
      : isApart(a, b)
        ? 2 / choose(a.length + b.length, a.length)
        : 1
  return { value, low, high, p }
}

/**
 * Returns how many of the n·m differences lie outside the interval of a shift on each side, or -1 when there are too few for one. The rank
 * sum has the mean n·m / 2 and the variance n·m·(n + m + 1) / 12.
 */
function shiftCut(n: number, m: number): number {
  return Math.floor((n * m) / 2 - 1.96 * Math.sqrt((n * m * (n + m + 1)) / 12)) - 1
}

/** Subtracts so that two infinite times, of which neither ever ends, do not differ. */
function minus(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/** Returns the median; of an even number of values, the one of the two in the middle that is nearer to zero, or 0 when their signs differ. */
function medianNearestZero(values: ArrayLike<number>): number {
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

/** Returns the two-sided p-value of Welch's t-test, whose degrees of freedom are those of Welch and Satterthwaite. */
function welchTest(a: readonly number[], b: readonly number[]): number {
  const [ofA, ofB] = [squaredError(a), squaredError(b)]
  const error = Math.sqrt(ofA + ofB)
  const difference = mean(b) - mean(a)
  if (error === 0) return difference === 0 ? 1 : 0
  // The shares keep the squares of very large and very small errors within the range of a double.
  const [shareA, shareB] = [ofA / (ofA + ofB), ofB / (ofA + ofB)]
  const freedom = 1 / (shareA ** 2 / (a.length - 1) + shareB ** 2 / (b.length - 1))
  return 2 * studentCdf(-Math.abs(difference) / error, freedom)
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
