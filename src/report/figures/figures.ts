import type { Millis } from '../../core/clock.ts'

/** The text in place of a figure that does not apply. */
export const notApplicable = '–'

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]

/** Rounds to 12 significant digits. The digits after them depend on the order of summation, and must not decide a later rounding. */
function withoutFloatNoise(value: number): number {
  return Number(value.toPrecision(12))
}

/** Rounds half up in decimal, as a reader would: 1.95 becomes 2.0, although the nearest double is below 1.95. */
export function fixed(value: number, decimals: number): string {
  const clean = withoutFloatNoise(value)
  const shifted = Math.round(Number(`${clean}e${decimals}`))
  const near = Number(`${shifted}e-${decimals}`)
  const [whole, part] = (Number.isFinite(near) ? near : clean).toFixed(decimals).split('.')
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? grouped : `${grouped}.${part}`
}

/** The number of decimals that gives `digits` significant digits; 0 from 10^(digits−1) on, and at most 6. */
function decimalsFor(value: number, digits: number): number {
  const exponent = Number(
    withoutFloatNoise(Math.abs(value))
      .toExponential(digits - 1)
      .split('e')[1],
  )
  return Math.min(6, Math.max(0, digits - 1 - exponent))
}

export function whole(value: number): string {
  return Number.isFinite(value) ? fixed(value, 0) : notApplicable
}

/** Writes `digits` significant digits, but at most two decimals: `1.02`, `12.3`, `1,234`. Default: 3 digits. */
export function decimal(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return notApplicable
  if (value === 0) return '0'
  return value < 0.005 ? '<0.01' : fixed(value, Math.min(2, decimalsFor(value, digits)))
}

/** Writes a mean count: without decimals when it is a whole number, otherwise with one. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return notApplicable
  const clean = withoutFloatNoise(value)
  if (clean > 0 && clean < 0.05) return '<0.1'
  return fixed(clean, Number.isInteger(clean) ? 0 : 1)
}

/** Writes a count in few characters: `388`, `9.1k`, `12k`, `1.2M`. */
export function shortCount(value: number): string {
  if (!Number.isFinite(value)) return notApplicable
  const clean = withoutFloatNoise(value)
  if (clean < 999.5) return clean < 1 ? count(clean) : whole(clean)
  return clean < 999_500 ? `${decimal(clean / 1000, 2)}k` : `${decimal(clean / 1_000_000, 2)}M`
}

/** Writes a share with one decimal. Only a share of exactly 1 or 0 is written as `100 %` or `0 %`. */
export function percent(share: number): string {
  const clean = withoutFloatNoise(share * 100)
  if (!Number.isFinite(clean)) return notApplicable
  if (clean === 0 || clean === 100) return `${clean} %`
  const shown = fixed(clean, 1)
  if (clean < 100 && shown === '100.0') return '>99.9 %'
  if (clean > 0 && shown === '0.0') return '<0.1 %'
  return `${shown} %`
}

/** Writes a time for a sentence: `850 ms`, `12.3 s`, `4 min 3 s`, `2 h 5 min`. An infinite time, as of a call without an answer, is `never`. */
export function duration(time: Millis): string {
  const clean = rounded(time)
  if (clean === undefined) return Number.isNaN(time) ? notApplicable : 'never'
  if (clean < second) return clean === 0 ? '0 s' : `${clean} ms`
  if (clean < minute) return `${fixed(clean / second, clean % second === 0 ? 0 : 1)} s`
  if (clean < hour) return twoUnits(clean, ['min', minute], ['s', second])
  if (clean < day) return twoUnits(clean, ['h', hour], ['min', minute])
  return twoUnits(clean, ['d', day], ['h', hour])
}

/**
 * Rounds a time to the step of the unit in which it is shown, so that 59.97 s becomes a minute and not `60.0 s`. Returns
 * undefined for a time that is not finite.
 */
function rounded(time: Millis): Millis | undefined {
  if (!Number.isFinite(time)) return undefined
  const steps = [1, 100, second, minute, hour]
  const units = [second, minute, hour, day, Infinity]
  const clean = withoutFloatNoise(time)
  return steps.map((step) => Math.round(clean / step) * step).find((value, i) => value < units[i]!)
}

/** A unit of time: its name and its length in milliseconds. */
type TimeUnit = readonly [name: string, length: Millis]

function twoUnits(time: Millis, [largeName, large]: TimeUnit, [smallName, small]: TimeUnit): string {
  const rest = Math.round((time % large) / small)
  return `${Math.floor(time / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`
}

/** Writes a time for a table, in one unit, so that rows are easy to compare: `850 ms`, `12.3 s`, `189 s`, `12.5 min`, `2.50 h`. */
export function shortDuration(time: Millis): string {
  if (!Number.isFinite(time)) return Number.isNaN(time) ? notApplicable : 'never'
  const [unit, length] = unitFor(time)
  if (time === 0) return '0 s'
  return time < 0.5 ? '<1 ms' : `${length === 1 ? fixed(time, 0) : decimal(time / length)} ${unit}`
}

/** Returns the unit in which a time is written, and the unit's length in milliseconds. */
export function unitFor(time: Millis): TimeUnit {
  const clean = withoutFloatNoise(time)
  if (clean > 0 && clean < 999.5) return ['ms', 1]
  if (clean < 599.5 * second) return ['s', second]
  return clean < 2 * hour ? ['min', minute] : ['h', hour]
}

const signs: Readonly<Record<string, string>> = { USD: '$', CNY: '¥' }

/** Writes an amount of money with as many decimals as `precisionOf` needs. Default: the amount itself. */
export function money(value: number, currency: string, precisionOf = value): string {
  if (!Number.isFinite(value)) return notApplicable
  const decimals = precisionOf >= 1000 ? 0 : Math.max(2, decimalsFor(precisionOf, 2))
  const amount = value === 0 ? '0' : fixed(value, decimals)
  const sign = signs[currency]
  return sign ? `${sign}${amount}` : `${amount} ${currency}`
}
