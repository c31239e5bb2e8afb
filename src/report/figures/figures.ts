import type { Millis } from '../../core/clock.ts'

/** What stands where a figure does not apply. */
export const none = '–'

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]

/** Takes off the last float bits, which depend on the order of summation, before any digit is rounded. */
function steady(value: number): number {
  return Number(value.toPrecision(12))
}

/** Rounds half up in decimal, as a reader would: 1.95 is 2.0, though the nearest double lies below it. */
export function fixed(value: number, decimals: number): string {
  const known = steady(value)
  const shifted = Math.round(Number(`${known}e${decimals}`))
  const near = Number(`${shifted}e-${decimals}`)
  const [whole, part] = (Number.isFinite(near) ? near : known).toFixed(decimals).split('.')
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? grouped : `${grouped}.${part}`
}

/** The decimals that leave `digits` significant ones: none from 10^(digits−1) on. */
function decimalsFor(value: number, digits: number): number {
  const exponent = Number(
    steady(Math.abs(value))
      .toExponential(digits - 1)
      .split('e')[1],
  )
  return Math.min(6, Math.max(0, digits - 1 - exponent))
}

export function whole(value: number): string {
  return Number.isFinite(value) ? fixed(value, 0) : none
}

/** Three significant digits, and two decimals at most: `1.02`, `12.3`, `1,234`. */
export function decimal(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return none
  if (value === 0) return '0'
  return value < 0.005 ? '<0.01' : fixed(value, Math.min(2, decimalsFor(value, digits)))
}

/** A mean count: whole where it is, and with a tenth where a seed now and then has one more. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return none
  const known = steady(value)
  if (known > 0 && known < 0.05) return '<0.1'
  return fixed(known, Number.isInteger(known) ? 0 : 1)
}

/** Where there is no room for all digits: `388`, `9.1k`, `12k`, `1.2M`. */
export function shortCount(value: number): string {
  if (!Number.isFinite(value)) return none
  const known = steady(value)
  if (known < 999.5) return known < 1 ? count(known) : whole(known)
  return known < 999_500 ? `${decimal(known / 1000, 2)}k` : `${decimal(known / 1_000_000, 2)}M`
}

/** One decimal, and never `100 %` or `0 %` for what only comes close. */
export function percent(share: number): string {
  const known = steady(share * 100)
  if (!Number.isFinite(known)) return none
  if (known === 0 || known === 100) return `${known} %`
  const shown = fixed(known, 1)
  if (known < 100 && shown === '100.0') return '>99.9 %'
  if (known > 0 && shown === '0.0') return '<0.1 %'
  return `${shown} %`
}

/** In words of a sentence: `850 ms`, `12.3 s`, `4 min 3 s`, `2 h 5 min`. A call without an answer waits for ever: `never`. */
export function duration(time: Millis): string {
  const known = rounded(time)
  if (known === undefined) return Number.isNaN(time) ? none : 'never'
  if (known < second) return known === 0 ? '0 s' : `${known} ms`
  if (known < minute) return `${fixed(known / second, known % second === 0 ? 0 : 1)} s`
  if (known < hour) return twoUnits(known, minute, 'min', second, 's')
  if (known < day) return twoUnits(known, hour, 'h', minute, 'min')
  return twoUnits(known, day, 'd', hour, 'h')
}

/** To what is shown, so that 59.97 s reads as a minute and not as `60.0 s`. Undefined for what is not finite. */
function rounded(time: Millis): Millis | undefined {
  if (!Number.isFinite(time)) return undefined
  const steps = [1, 100, second, minute, hour]
  const units = [second, minute, hour, day, Infinity]
  const known = steady(time)
  return steps.map((step) => Math.round(known / step) * step).find((value, i) => value < units[i]!)
}

function twoUnits(time: Millis, large: Millis, largeName: string, small: Millis, smallName: string): string {
  const rest = Math.round((time % large) / small)
  return `${Math.floor(time / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`
}

/** For a table, where one unit compares by eye: `850 ms`, `12.3 s`, `189 s`, `12.5 min`, `2.50 h`. */
export function shortDuration(time: Millis): string {
  if (!Number.isFinite(time)) return Number.isNaN(time) ? none : 'never'
  const [unit, length] = unitFor(time)
  if (time === 0) return '0 s'
  return time < 0.5 ? '<1 ms' : `${length === 1 ? fixed(time, 0) : decimal(time / length)} ${unit}`
}

/** The unit in which a time reads best, and its length. */
export function unitFor(time: Millis): readonly [string, Millis] {
  const known = steady(time)
  if (known > 0 && known < 999.5) return ['ms', 1]
  if (known < 599.5 * second) return ['s', second]
  return known < 2 * hour ? ['min', minute] : ['h', hour]
}

const signs: Readonly<Record<string, string>> = { USD: '$', CNY: '¥' }

export function money(value: number, currency: string, like = value): string {
  if (!Number.isFinite(value)) return none
  const amount = value === 0 ? '0' : fixed(value, like >= 1000 ? 0 : Math.max(2, decimalsFor(like, 2)))
  const sign = signs[currency]
  return sign ? `${sign}${amount}` : `${amount} ${currency}`
}
