/** An estimate of a figure from its values on several seeds. */
export interface Estimate {
  /** The mean. When a seed's value is infinite it is the median, because a mean of the finite values would hide the failures. */
  readonly value: number
  /** The lower bound of the 95 % interval; NaN with fewer than two seeds. */
  readonly low: number
  /** The upper bound of the 95 % interval; NaN with fewer than two seeds. */
  readonly high: number
}

/** Returns a copy of the values in ascending order. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return new Float64Array(values).sort()
}

/**
 * Returns the quantile `p` by nearest rank: the smallest value that at least a share `p` of the sample does not exceed. NaN for an
 * empty sample.
 */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  const { length } = ascending
  // 0.07 · 100 is a little more than 7 in floating point. It must give rank 7, not 8.
  const rank = Math.ceil(p * length * (1 - 4 * Number.EPSILON))
  return length === 0 ? Number.NaN : ascending[Math.max(0, rank - 1)]!
}

export function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}

/** Returns the mean with Student's 95 % interval. When a value is infinite, returns the median with an interval of order statistics. */
export function estimate(values: readonly number[]): Estimate {
  if (!values.every(Number.isFinite)) return medianEstimate(values)
  const middle = mean(values)
  if (values.length < 2) return { value: middle, low: Number.NaN, high: Number.NaN }
  const half = twoSided95(values.length - 1) * standardError(values, middle)
  return { value: middle, low: middle - half, high: middle + half }
}

/**
 * Returns the median with an interval between two order statistics. It is the narrowest one for which the true median lies below it
 * with a probability of at most 2.5 %, and above it with at most 2.5 % (binomial, p = 1/2). With fewer than six values no interval
 * reaches 95 %, so it is the whole range.
 */
function medianEstimate(values: readonly number[]): Estimate {
  const ascending = [...values].sort((a, b) => a - b)
  const n = ascending.length
  const value = quantile(ascending, 0.5)
  if (n < 2) return { value, low: Number.NaN, high: Number.NaN }
  let tail = 0.5 ** n
  let term = tail
  let cut = 0
  while (cut < n / 2 - 1) {
    term *= (n - cut) / (cut + 1)
    if (tail + term > 0.025) break
    tail += term
    cut++
  }
  return { value, low: ascending[cut]!, high: ascending[n - 1 - cut]! }
}

function standardError(values: readonly number[], middle: number): number {
  const squares = values.reduce((total, value) => total + (value - middle) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1) / values.length)
}

/** Returns the two-sided p-value of the paired t-test that a and b have the same mean. Each seed gives a pair. NaN with fewer than two pairs. */
export function pairedTest(a: readonly number[], b: readonly number[]): number {
  const differences = a.map((value, i) => value - b[i]!)
  if (differences.length < 2) return Number.NaN
  const middle = mean(differences)
  const error = standardError(differences, middle)
  if (error === 0) return middle === 0 ? 1 : 0
  return 2 * studentCdf(-Math.abs(middle) / error, differences.length - 1)
}

/** Returns P(T <= t) for Student's t with `df` degrees of freedom, computed by the regularized incomplete beta function. */
export function studentCdf(t: number, df: number): number {
  const tail = 0.5 * incompleteBeta(df / (df + t * t), df / 2, 0.5)
  return t >= 0 ? 1 - tail : tail
}

const known95 = new Map<number, number>()

/** Returns the t of a two-sided 95 % interval. Results are kept, because all figures of a comparison have the same number of seeds. */
function twoSided95(df: number): number {
  const t = known95.get(df) ?? studentQuantile(0.975, df)
  known95.set(df, t)
  return t
}

/** Returns the t for which P(T <= t) = p, to 1e-12. It uses bisection, which is simple and exact enough for an interval. */
export function studentQuantile(p: number, df: number): number {
  let low = -1e4
  let high = 1e4
  for (let i = 0; i < 200 && high - low > 1e-12; i++) {
    const middle = (low + high) / 2
    if (studentCdf(middle, df) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Returns I_x(a, b), computed by Lentz's continued fraction (DLMF 8.17.22). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta(a, b)) / a
  let f = 1
  let c = 1
  let d = 0
  for (let i = 0; i <= 300; i++) {
    const m = i >> 1
    const numerator =
      i === 0
        ? 1
        : i % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonzero(1 + numerator * d)
    c = nonzero(1 + numerator / c)
    f *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return front * (f - 1)
}

function nonzero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** Returns ln Γ(x) by Stirling's series, after a shift of the argument to 10 or more. */
function logGamma(x: number): number {
  let shift = 0
  let z = x
  while (z < 10) shift += Math.log(z++)
  const inverse = 1 / (z * z)
  const series = 1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series / z - shift
}
