import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { clientKnowledgeOf } from '../../../lab/catalogue/client-knowledge.ts'
import { quotaOf } from '../../../lab/contestants.ts'
import { sharedDraw } from '../../../lab/experiment.ts'
import { optimumOf, type QuotaDraw, serviceTimes } from '../../../lab/optimum/optimum-of.ts'
import { type Unit, unitOf } from '../../../src/core/limit.ts'
import { seeded } from '../../../src/core/random.ts'
import { leastSums } from '../../../src/optimum/supply-gate.ts'
import { keptFromAdmission } from '../../../src/optimum/token-demand.ts'
import type { Case, Scenario } from '../../../src/scenario/scenario.ts'
import { switchesOf } from '../../../src/scenario/switches.ts'
import { anyClosedScenario, anyScenario } from './any-case.ts'

function solve(scenario: Scenario, accounts: readonly string[], seed = 1) {
  const [chosen] = scenario.cases as [Case]
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { workload } = sharedDraw(chosen, seed)
  const random = seeded(seed).fork('world')
  const service = serviceTimes(knowledge.world, random, workload, chosen.maxTokens)
  const draws: QuotaDraw[] = accounts.map((account) => ({ account, model: scenario.model }))
  const quotas = draws.map(({ account, model }) => quotaOf(knowledge, account, model))
  const optimum = optimumOf({ world: knowledge.world, chosen, workload, draws, quotas, service, random })
  return { ...optimum, knowledge, chosen, workload, service }
}

/** What is charged, and when: at the admissions and at the completions of a schedule. */
interface Charge {
  readonly at: number
  readonly requests: number
  readonly tokens: number
  /** Whether a limit must have room for it. */
  readonly isChecked: boolean
}

function chargesOf(scenario: Scenario, solved: ReturnType<typeof solve>): Charge[] {
  const { workload, service, reachable, chosen } = solved
  const { maxTokens } = chosen
  const { tokenCharge } = switchesOf(scenario.world.switches)
  const charges: Charge[] = []
  reachable.waits.forEach((wait, call) => {
    if (wait === Infinity) return
    const at = workload.arrival[call]! + wait
    const prompt = workload.promptTokens[call]!
    const output = Math.min(workload.outputTokens[call]!, maxTokens)
    const first = { split: prompt, admission: prompt + output, reserve: prompt + maxTokens, completion: 0 }[tokenCharge]
    const later = { split: output, admission: 0, reserve: 0, completion: prompt + output }[tokenCharge]
    charges.push({ at, requests: 1, tokens: first, isChecked: true })
    charges.push({ at: at + service[call]!, requests: 0, tokens: later, isChecked: false })
  })
  return charges
}

/** When the last anchored window by an instant began, found by going through all charges. */
function startOfAnchored(charges: readonly Charge[], unit: Unit, window: number, now: number): number {
  const instants = charges.filter((each) => each[unit] > 0 && each.at <= now).map(({ at }) => at)
  return instants.sort((a, b) => a - b).reduce((start, at) => (at >= start + window ? at : start), -Infinity)
}

/** Whether each admission had room in every window of one account, by adding up all charges before it. Windows begin at the clock's 0. */
function keepsLimits(scenario: Scenario, solved: ReturnType<typeof solve>): boolean {
  const { limits, changes: steps } = quotaOf(solved.knowledge, 'a', scenario.model)
  const { window: kind } = switchesOf(scenario.world.switches)
  const charges = chargesOf(scenario, solved)
  const factorAt = (at: number) => steps.filter((step) => step.at <= at).reduce((all, { factor }) => all * factor, 1)
  return limits.every(({ rule, limit, window }) => {
    const unit = unitOf(rule)
    const limitAt = (at: number) => Math.max(1, Math.round(limit * factorAt(at)))
    const sum = (from: number, to: number) =>
      charges
        .filter(({ at, isChecked }) => at >= from && (isChecked ? at <= to : at < to))
        .reduce((all, each) => all + each[unit], 0)
    return charges.every(({ at, isChecked }) => {
      if (!isChecked) return true
      if (kind === 'sliding') return sum(at - window + 1, at) <= limitAt(at)
      if (kind === 'fixed') return sum(Math.floor(at / window) * window, at) <= limitAt(at)
      if (kind === 'anchored') {
        const start = startOfAnchored(charges, unit, window, at)
        return at >= start + window || sum(start, at) <= limitAt(at)
      }
      const starts = charges.map((each) => each.at).filter((each) => each <= at)
      const changes = steps.map((step) => step.at)
      return starts.every((from) => {
        const steps = [from, ...changes.filter((change) => change > from && change < at), at].sort((a, b) => a - b)
        const refill = steps.slice(1).reduce((all, step, i) => all + (step - steps[i]!) * limitAt(steps[i]!), 0)
        return sum(from, at) * window <= limitAt(at) * window + refill
      })
    })
  })
}

describe('what is reachable', () => {
  test.prop([anyScenario, fc.integer({ min: 1, max: 3 })], { numRuns: 150 })(
    'never exceeds the bound',
    (scenario, count) => {
      const { bound, reachable, workload, service, chosen } = solve(scenario, ['a', 'b', 'c'].slice(0, count))
      expect(reachable.answered).toBeLessThanOrEqual(bound.answered)
      const admissions = Array.from(reachable.waits, (wait, call) => workload.arrival[call]! + wait)
        .filter((at) => at < Infinity)
        .sort((a, b) => a - b)
      expect(admissions).toHaveLength(reachable.answered)
      for (const [i, at] of admissions.entries()) expect(bound.admissions[i]).toBeLessThanOrEqual(at)
      expect(reachable.lastAdmission).toBe(admissions.at(-1) ?? 0)
      if (reachable.answered === bound.answered) {
        expect(reachable.lastAdmission).toBeGreaterThanOrEqual(bound.lastAdmission)
        expect(reachable.makespan).toBeGreaterThanOrEqual(bound.makespan)
      }
      expect(reachable.tokens).toBeGreaterThanOrEqual(reachable.answered === bound.answered ? bound.tokens : 0)
      const answered = Array.from(reachable.waits.keys()).filter((call) => reachable.waits[call]! < Infinity)
      for (const call of answered) {
        const end = workload.arrival[call]! + reachable.waits[call]! + service[call]!
        expect(end).toBeLessThanOrEqual(Math.min(workload.arrival[call]! + chosen.patience, chosen.horizon))
      }
      const charges = { workload, maxTokens: chosen.maxTokens, ...switchesOf(scenario.world.switches) }
      expect(reachable.tokens).toBe(answered.reduce((all, call) => all + keptFromAdmission(charges, call), 0))
    },
  )

  test.prop([anyClosedScenario, fc.integer({ min: 1, max: 3 })], { numRuns: 150 })(
    'never exceeds the bound of a closed loop',
    (scenario, count) => {
      const { bound, reachable, chosen } = solve(scenario, ['a', 'b', 'c'].slice(0, count))
      expect(reachable.answered).toBeLessThanOrEqual(bound.answered)
      if (reachable.answered < bound.answered) return
      expect(reachable.lastAdmission).toBeGreaterThanOrEqual(bound.lastAdmission)
      expect(reachable.makespan).toBeGreaterThanOrEqual(bound.makespan)
      expect(reachable.makespan).toBeLessThanOrEqual(chosen.horizon)
    },
  )

  test.prop([anyScenario], { numRuns: 150 })('is a schedule that keeps the limits of the account', (any) => {
    const switches = { ...any.world.switches, gridPhase: 'start', refund: false } as const
    // Only the charges of its own calls are added up.
    const scenario = { ...any, world: { ...any.world, background: [], switches } }
    expect(keepsLimits(scenario, solve(scenario, ['a']))).toBe(true)
  })

  const steady = (more: Partial<Case>, switches: Scenario['world']['switches'] = {}): Scenario => ({
    name: 'one',
    title: 'One',
    question: 'Which?',
    model: 'qwen3-max-2025-09-23',
    world: { profile: 'article', accounts: [{ name: 'a', keys: ['sk-a'] }], switches },
    strategies: ['none'],
    cases: [
      {
        name: 'one',
        title: 'One',
        arrivals: { kind: 'at-once', calls: 60 },
        lengths: { kind: 'fixed', prompt: 10, output: 0 },
        maxTokens: 1,
        patience: Infinity,
        horizon: 600_000,
        ...more,
      },
    ],
  })

  test('is the bound where there is no burst guard and no limit on tokens binds', () => {
    const { bound, reachable } = solve(steady({}, { burstGuard: false }), ['a'])
    expect(bound).toMatchObject({ answered: 60, lastAdmission: 59_000 })
    expect(reachable).toMatchObject({ answered: 60, lastAdmission: 59_000 })
  })

  test('starts slowly under the burst guard', () => {
    const { bound, reachable } = solve(steady({}), ['a'])
    expect(bound.lastAdmission).toBe(59_000)
    expect(reachable.answered).toBe(60)
    expect(reachable.lastAdmission).toBeGreaterThan(59_000)
  })

  test('prefers calls with few tokens where these admit more calls', () => {
    // A minute bears 100,000 tokens. First come, first served lets one long call stand before many short ones.
    const lengths: Case['lengths'] = {
      kind: 'log-normal',
      prompt: { median: 20_000, spread: 1.5, most: 90_000 },
      output: { median: 1, spread: 0, most: 1 },
    }
    const { reachable, workload } = solve(steady({ lengths, patience: 50_000 }, { burstGuard: false }), ['a'])
    const least = leastSums(Float64Array.from(workload.promptTokens))
    expect(reachable.answered).toBe(Math.min(least.findIndex((sum) => sum > 100_000) - 1, 50))
  })

  test('sends with a key that has only the limits of the account, where there is one', () => {
    const limits = { 'qwen3-max-2025-09-23': [{ rule: 'rpm' as const, limit: 1, window: 60_000 }] }
    const accountWith = (keys: readonly string[]) => ({
      ...steady({}, { burstGuard: false }),
      world: {
        profile: 'article',
        accounts: [{ name: 'a', keys, workspaces: [{ name: 'w', keys: ['sk-w'], limits }] }],
        switches: { burstGuard: false },
      },
    })
    expect(solve(accountWith(['sk-w', 'sk-a']), ['a']).reachable.answered).toBe(60)
    expect(solve(accountWith(['sk-w']), ['a']).reachable.answered).toBe(10)
  })
})
