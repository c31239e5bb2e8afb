import { type CaseComparison, type Comparison, type Row, significance } from '../compare/comparison.ts'
import type { Estimate } from '../compare/statistics.ts'
import { slo } from '../compare/summary.ts'
import { rules } from '../core/limit.ts'
import { outcomes } from '../harness/trace.ts'
import type { SwitchRow } from '../scenario/switch-table.ts'
import { type Switches, switchNames, switchTable } from '../scenario/switches.ts'
import { admittedRate, binSeconds } from './figures/admitted-rate.ts'
import { metricNames, metricTable } from './figures/metrics.ts'
import { answerCase } from './sentences/answer.ts'
/** The name of the format that `report.schema.json` describes. The number changes when the format changes. */
export const schemaName = 'ratelab.report/1'

/** Renders the report for programs: keys in a fixed order, six significant digits, and null for a value that is infinite or does not apply. */
export function json(comparison: Comparison): string {
  const { scenario, profile, switches, changed, seeds, cases, failed } = comparison
  return `${write({
    schema: schemaName,
    scenario: { name: scenario.name, title: scenario.title, question: scenario.question, model: scenario.model },
    profile: { name: profile.name, title: profile.title, currency: profile.currency },
    switches: Object.fromEntries(switchNames.map((name) => [switchKey(name), switches[name]])),
    changed,
    seeds,
    ...(failed && { failed: failed.map(({ id, message }) => ({ id, message })) }),
    significance,
    slo_ms: slo,
    cases: cases.map((chosen) => caseData(chosen, seeds.length)),
  })}\n`
}

/** The key of a switch: its name in lower case with underscores, and its unit if that is milliseconds. */
export function switchKey(name: keyof Switches): string {
  const { unit }: SwitchRow = switchTable[name]
  return `${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}${unit === 'ms' ? '_ms' : ''}`
}

function caseData(chosen: CaseComparison, seeds: number) {
  const { name, title, calls, patience, horizon, limitPerSecond, raises, rows } = chosen
  const { answer, why, compared, article } = answerCase(chosen, seeds)
  const bin = binSeconds(rows)
  return {
    name,
    title,
    calls: number(calls),
    patience_ms: number(patience),
    horizon_ms: number(horizon),
    limit_per_second: number(limitPerSecond),
    limit_raises: raises.map(({ at, perSecond }) => ({ at_ms: number(at), limit_per_second: number(perSecond) })),
    answer,
    why,
    compared: compared ?? null,
    article: article ?? null,
    admitted_bin_s: bin,
    strategies: rows.map((row) => rowData(row, bin)),
  }
}

function rowData(row: Row, bin: number) {
  const { id, label, about, quotaText: quota, solution, terms, rank, pAgainstHead, optimum, series } = row
  return {
    id,
    label,
    about,
    quota,
    solution: solution ?? null,
    terms: terms ?? null,
    rank,
    p_against_head: number(pAgainstHead),
    metrics: Object.fromEntries(metricNames.map((name) => [metricTable[name].json, interval(row.metrics[name])])),
    outcomes: Object.fromEntries(outcomes.map((outcome) => [outcome, number(row.outcomes[outcome])])),
    denials: Object.fromEntries(rules.map((rule) => [rule, number(row.denials[rule])])),
    optimum: {
      answered: interval(optimum.answered),
      makespan_ms: interval(optimum.makespan),
      wait_p50_ms: interval(optimum.waitP50),
      wait_p95_ms: interval(optimum.waitP95),
    },
    efficiency_by_seed: row.efficiencyBySeed.map(number),
    admitted_per_second: admittedRate(series, bin).map(number),
    wait_quantiles_ms: series.waitQuantiles.map(number),
  }
}

function interval({ value, low, high }: Estimate) {
  return { value: number(value), low: number(low), high: number(high) }
}

/** Rounds to six significant digits, so that rounding errors do not change the bytes. JSON has neither NaN nor infinity, so they become null. */
function number(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null
}

/** Writes JSON with indentation. A list or an object of plain values stays on one line. */
function write(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null))
      return `[${value.map((item) => write(item)).join(', ')}]`
    return `[\n${value.map((item) => inner + write(item, inner)).join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${write(item, inner)}`)
  const flat = Object.values(value).every((item) => item === null || typeof item === 'number')
  return flat ? `{ ${entries.join(', ')} }` : `{\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}}`
}
