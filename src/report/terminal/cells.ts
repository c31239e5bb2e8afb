import type { Row } from '../../compare/comparison.ts'
import type { Estimate } from '../../compare/statistics.ts'
import { rules } from '../../core/limit.ts'
import { none, percent, shortCount } from '../figures/figures.ts'
import { points, symmetric } from '../figures/intervals.ts'

/** The share and its interval in one column, each under its like. */
export function aligned(rows: readonly Row[], bare: boolean): string[] {
  const shares = rows.map(({ metrics }) => percent(metrics.efficiency.value))
  const widest = Math.max(...shares.map(({ length }) => length))
  return rows.map((row, i) => `${shares[i]!.padStart(widest)} ${bare ? '' : margin(row.metrics.efficiency)}`.trimEnd())
}

function margin(estimate: Estimate): string {
  const { low, high } = estimate
  if (!Number.isFinite(low) || !Number.isFinite(high)) return ''
  return symmetric(estimate) ? `±${points((high - low) / 2)}` : `(${percent(low)} to ${percent(high)})`
}

/** The rules that denied most, and how many more denials there were. */
export function denialText({ denials }: Row, named: number): string {
  const most = rules.filter((rule) => denials[rule] > 0).sort((a, b) => denials[b] - denials[a])
  const shown = most.splice(0, named).map((rule) => `${rule} ${shortCount(denials[rule])}`)
  const rest = most.reduce((total, rule) => total + denials[rule], 0)
  return shown.length === 0 ? none : `${shown.join(' · ')}${rest > 0 ? ` +${shortCount(rest)}` : ''}`
}

export function rankText({ rank }: Row, rows: readonly Row[], seeds: number): string {
  if (seeds < 2) return none.padStart(2)
  return `${String(rank).padStart(2)}${rows.filter((row) => row.rank === rank).length > 1 ? '=' : ''}`
}
