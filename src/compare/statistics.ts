/** An estimate of a figure from its values on several seeds. */
export interface Estimate {
  /** The median over the seeds: half of the seeds give at most this value. NaN when the figure does not exist on one of them. */
  readonly value: number
  /** The lower bound of the 95 % interval of the median; NaN with fewer than `leastSeeds`. */
  readonly low: number
  /** The upper bound of the 95 % interval of the median; NaN with fewer than `leastSeeds`. */
  readonly high: number
}

/** The least number of seeds that have an interval: the range of five values misses the median in 2 / 2^5 = 6 % of all cases. */
export const leastSeeds = 6

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

/**
 * Returns the median with its 95 % interval. The interval holds whatever the distribution of the values is, so a seed that is far from the
 * others, or one without an end, does not spoil it. Student's interval of the mean covers far less than 95 % as soon as one seed in ten
 * decides the figure.
 */
export function estimate(values: readonly number[]): Estimate {
  const ascending = sorted(values)
  const n = ascending.length
  const value = values.some(Number.isNaN) ? Number.NaN : quantile(ascending, 0.5)
  if (n < leastSeeds || Number.isNaN(value)) return { value, low: Number.NaN, high: Number.NaN }
  const { cut, inward } = medianInterval(n)
  // Beside an infinite value there is nothing between two values.
  const at = (outer: number, inner: number) =>
    Number.isFinite(inner - outer) ? outer + inward * (inner - outer) : outer
  return {
    value,
    low: at(ascending[cut]!, ascending[cut + 1]!),
    high: at(ascending[n - 1 - cut]!, ascending[n - 2 - cut]!),
  }
}

const knownIntervals = new Map<number, { readonly cut: number; readonly inward: number }>()

/**
 * Returns where the interval of the median of n values ends: `cut` values lie outside on each side, and each bound lies by the share `inward`
 * of the way from there to the next value inside (Hettmansperger and Sheather, 1986). The number of values below the median is binomial with
 * p = 1/2, so between two values the interval covers G(k) = 1 − 2·P(B < k). With I = (G(k) − 0.95) / (G(k) − G(k + 1)) the share is
 * (n − k)·I / (k + (n − 2k)·I). Results are kept, because all figures of a comparison have the same number of seeds.
 */
export function medianInterval(n: number): { readonly cut: number; readonly inward: number } {
  const known = knownIntervals.get(n)
  if (known) return known
  let k = 1
  /** P(B = k − 1) and P(B < k). */
  let [term, tail] = [0.5 ** n, 0.5 ** n]
  for (;;) {
    term *= (n - k + 1) / k
    if (tail + term > 0.025) break
    tail += term
    k++
  }
  const share = (0.025 - tail) / term
  const found = { cut: k - 1, inward: ((n - k) * share) / (k + (n - 2 * k) * share) }
  knownIntervals.set(n, found)
  return found
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
