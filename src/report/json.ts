import type { CaseComparison, Comparison, Row } from '../compare/comparison.ts'
import { metricNames } from '../compare/metric-kinds.ts'
import { significance } from '../compare/ranking.ts'
import type { ReplayFacts, WireFacts } from '../compare/raw-result.ts'
import type { Sensitivity } from '../compare/sensitivity/sensitivity.ts'
import { slo } from '../compare/summary.ts'
import { type Sweep, sweepsOf } from '../compare/sweeps.ts'
import type { TenantRow } from '../compare/tenant-figures.ts'
import { type Limit, rules } from '../core/limit.ts'
import { outcomes } from '../harness/trace.ts'
import type { SwitchRow } from '../scenario/switch-table.ts'
import { type Switches, switchNames, switchTable } from '../scenario/switches.ts'
import { attemptRate, binSeconds } from './figures/attempt-rate.ts'
import { metricTable } from './figures/metrics.ts'
import { indentedJson, jsonInterval, jsonNumber } from './json-text.ts'
import { answerCase } from './sentences/answer.ts'
import { notReplayed } from './sentences/replayed.ts'
import { restsOnSentences } from './sentences/rests-on.ts'

/** The name of the format that `report.schema.json` describes. The number changes when the format changes. */
export const schemaName = 'ratelab.report/2'

/**
 * Renders the report for programs: keys in a fixed order, six significant digits, and null for a value that is infinite or does not apply.
 * With a sensitivity of the same study each case says what its conclusions rest on.
 */
export function json(comparison: Comparison, sensitivity?: Sensitivity): string {
  const { scenario, profile, switches, changed, seeds, cases, failed, replayed, wire } = comparison
  const sweeps = sweepsOf(comparison)
  return `${indentedJson({
    schema: schemaName,
    ...(wire && { wire: wireData(wire) }),
    ...(replayed && { not_replayed: notReplayed(comparison) ?? null, replayed: replayData(replayed) }),
    scenario: { name: scenario.name, title: scenario.title, question: scenario.question, model: scenario.model },
    profile: { name: profile.name, title: profile.title, currency: profile.currency },
    switches: Object.fromEntries(switchNames.map((name) => [switchKey(name), switches[name]])),
    changed,
    seeds,
    ...(failed && { failed: failed.map(({ id, message }) => ({ id, message })) }),
    significance,
    slo_ms: slo,
    cases: cases.map((chosen) => caseData(chosen, seeds.length, sensitivity)),
    ...(sweeps.length > 0 && { sweeps: sweeps.map(sweepData) }),
  })}\n`
}

/** The key of a switch: its name in lower case with underscores, and its unit if that is milliseconds. */
export function switchKey(name: keyof Switches): string {
  const { unit }: SwitchRow = switchTable[name]
  return `${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}${unit === 'ms' ? '_ms' : ''}`
}

function wireData({ address, speed, limits, warnings }: WireFacts) {
  return { address, speed, limits, warnings }
}

function replayData({ file, format, rows, outside, skipped, warnings }: ReplayFacts) {
  return { file, format, rows, outside, skipped, warnings }
}

function sweepData({ of, points, curves }: Sweep) {
  return {
    of,
    points: points.map(({ load, calls }) => ({ load: jsonNumber(load), calls: jsonNumber(calls) })),
    curves: curves.map(({ id, goodput }) => ({ id, goodput_per_minute: goodput.map(jsonInterval) })),
  }
}

function caseData(chosen: CaseComparison, seeds: number, sensitivity: Sensitivity | undefined) {
  const { name, title, calls, patience, horizon, late, span, rankedBy, limits, limitPerSecond, raises, rows } = chosen
  const { answer, why, compared, article } = answerCase(chosen, seeds)
  const bin = binSeconds(rows)
  return {
    name,
    title,
    calls: jsonNumber(calls),
    patience_ms: jsonNumber(patience),
    horizon_ms: jsonNumber(horizon),
    ...(late !== undefined && { late }),
    span_ms: jsonNumber(span),
    ranked_by: metricTable[rankedBy].json,
    ...(limits && { stated_limits: limits.map(jsonLimit) }),
    limit_per_second: jsonNumber(limitPerSecond),
    limit_raises: raises.map(({ at, perSecond }) => ({
      at_ms: jsonNumber(at),
      limit_per_second: jsonNumber(perSecond),
    })),
    answer,
    why,
    compared: compared ?? null,
    article: article ?? null,
    ...(sensitivity && { rests_on: restsOnSentences(sensitivity, name) }),
    admitted_bin_s: bin,
    strategies: rows.map((row) => rowData(row, bin)),
  }
}

function jsonLimit({ rule, limit, window, soft }: Limit) {
  return { rule, limit, window_ms: window, ...(soft && { soft }) }
}

function tenantData({ name, calls, success, amplification, waitP50, waitP95 }: TenantRow) {
  return {
    name,
    calls: jsonNumber(calls),
    success: jsonInterval(success),
    amplification: jsonInterval(amplification),
    wait_p50_ms: jsonInterval(waitP50),
    wait_p95_ms: jsonInterval(waitP95),
  }
}

function rowData(row: Row, bin: number) {
  const { id, label, about, quotaText: quota, limits, solution, terms, rank, pAgainstHead, optimum, series } = row
  return {
    id,
    label,
    about,
    quota,
    solution: solution ?? null,
    terms: terms ?? null,
    rank: jsonNumber(rank),
    p_against_head: jsonNumber(pAgainstHead),
    metrics: Object.fromEntries(
      metricNames.flatMap((name) => {
        const estimate = row.metrics[name]
        return estimate ? [[metricTable[name].json, jsonInterval(estimate)]] : []
      }),
    ),
    outcomes: Object.fromEntries(outcomes.map((outcome) => [outcome, jsonNumber(row.outcomes[outcome])])),
    denials: Object.fromEntries(rules.map((rule) => [rule, jsonNumber(row.denials[rule])])),
    denied_by: Object.fromEntries(rules.map((rule) => [rule, jsonNumber(row.deniedBy[rule])])),
    ...(row.tenants && { tenants: row.tenants.map(tenantData) }),
    limits: limits.map(({ unit, window, phases }) => ({
      unit,
      window_ms: window,
      phases: phases.map(({ from, limit }) => ({ from_ms: jsonNumber(from), limit: jsonNumber(limit) })),
    })),
    bound: {
      answered: jsonInterval(optimum.bound),
      success: jsonInterval(optimum.boundSuccess),
      makespan_ms: jsonInterval(optimum.boundMakespan),
    },
    reachable: {
      answered: jsonInterval(optimum.reachable),
      success: jsonInterval(optimum.reachableSuccess),
      makespan_ms: jsonInterval(optimum.reachableMakespan),
      wait_p50_ms: jsonInterval(optimum.waitP50),
      wait_p95_ms: jsonInterval(optimum.waitP95),
      share_of_bound: jsonInterval(optimum.reachableShare),
    },
    efficiency_by_seed: row.valuesBySeed.efficiency.map(jsonNumber),
    excess_wait_by_seed_ms: row.valuesBySeed.excessWait.map(jsonNumber),
    admitted_per_second: attemptRate(series.admittedPerSecond, bin).map(jsonNumber),
    denied_per_second: attemptRate(series.deniedPerSecond, bin).map(jsonNumber),
    wait_quantiles_ms: series.waitQuantiles.map(jsonNumber),
    reachable_wait_quantiles_ms: series.reachableWaitQuantiles.map(jsonNumber),
  }
}
