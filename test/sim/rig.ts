import { fc } from '@fast-check/vitest'
import { flat } from '../../sim/profiles/row-parts.ts'
import { account } from '../../sim/provider/account.ts'
import type { Endpoint, IncomingAttempt } from '../../sim/provider/endpoint.ts'
import { phasesOf } from '../../sim/provider/phases.ts'
import { type Decision, type Provider, simulatedProvider } from '../../sim/provider/provider.ts'
import { roomsOf } from '../../sim/provider/rooms.ts'
import type { Timeline } from '../../sim/time/virtual-clock.ts'
import type { Call, Reply, Target } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import { type Limit, type Rule, unitOf } from '../../src/core/limit.ts'
import { seeded } from '../../src/core/random.ts'
import type { AccountSpec } from '../../src/scenario/accounts.ts'
import type { ModelRow, PriceTier, Profile } from '../../src/scenario/profile.ts'
import { type Switches, switchesOf } from '../../src/scenario/switches.ts'
import type { AttemptRecorder, Verdict } from '../../src/scenario/world.ts'
// These small worlds have known numbers: nothing is random, there is no burst guard, and the model writes one token a millisecond.

export const minute: Millis = 60_000

/** Nothing is random, and an answer of n tokens takes n ms (at least 1). */
export const calm: Partial<Switches> = {
  gridPhase: 'start',
  burstGuard: false,
  firstToken: 0,
  tokensPerSecond: 1000,
  latencySpread: 0,
  networkDelay: 0,
  networkSpread: 0,
}

export const requests = (limit: number, window: Millis = minute): Limit => ({
  rule: window < minute ? 'rps' : 'rpm',
  limit,
  window,
})
export const tokens = (limit: number, window: Millis = minute): Limit => ({
  rule: window < minute ? 'tps' : 'tpm',
  limit,
  window,
})

/** A model with one price: a million prompt tokens cost 1, a million output tokens 3. */
export function rowOf(limits: readonly Limit[], prices: readonly PriceTier[] = flat(1, 3)): ModelRow {
  return { limits, prices, freeTokens: 0, source: 'a test', confidence: 'L' }
}

export function profileOf(models: Readonly<Record<string, readonly Limit[]>>): Profile {
  const rows = Object.entries(models).map(([model, limits]) => [model, rowOf(limits)] as const)
  return {
    name: 'test',
    title: 'Test',
    currency: 'USD',
    spelling: 'dashscope',
    docs: 'https://docs',
    models: Object.fromEntries(rows),
  }
}

export const target: Target = { endpoint: 'dashscope', key: 'k', model: 'm' }

export function callOf(id: number, changes: Partial<Call> = {}): Call {
  const signal = new AbortController().signal
  return { id, target, promptTokens: 10, maxTokens: 1_000_000, signal, deadline: Infinity, ...changes }
}

/** A call with another key, model or endpoint. */
export function callTo(changes: Partial<Target>, id = 0, others: Partial<Call> = {}): Call {
  return callOf(id, { target: { ...target, ...changes }, ...others })
}

export interface RigOptions {
  readonly limits?: readonly Limit[]
  /** Models in addition to `m`. */
  readonly models?: Readonly<Record<string, readonly Limit[]>>
  readonly accounts?: readonly AccountSpec[]
  readonly switches?: Partial<Switches>
  readonly profile?: Profile
  readonly seed?: number
}

/** A provider. By default it has the model `m` and the account `a` with the key `k`. */
export function providerOf(options: RigOptions = {}): Provider {
  const { limits = [], models = {}, accounts = [{ name: 'a', keys: ['k'] }], seed = 1 } = options
  const switches = switchesOf({ ...calm, ...options.switches })
  const phases = phasesOf(seeded(seed), switches)
  const rooms = roomsOf(seeded(seed), switches)
  const rules = { profile: options.profile ?? profileOf({ m: limits, ...models }), switches }
  return simulatedProvider({
    ...rules,
    random: seeded(seed),
    accounts: accounts.map((spec) => account({ spec, ...rules, phases, rooms })),
  })
}

/** A decision as the word that a trace has for it. */
export function verdictOf(decision: Decision): Verdict {
  if (decision.kind === 'denied') return decision.denial.rule
  return decision.kind
}

/** Asks the provider to admit one request, and returns the verdict. */
export function ask(simulated: Provider, now: Millis, call: Partial<Call> = {}, output = 0): Verdict {
  return verdictOf(simulated.admit(callOf(0, call), output, now))
}

export interface AttemptResult {
  decided?: { readonly at: Millis; readonly verdict: Verdict }
  done?: { readonly at: Millis; readonly reply: Reply; readonly money: number }
  stopped?: { readonly at: Millis; readonly outputTokens: number; readonly money: number }
}

/** Sends attempts to an endpoint at their instants, and records decisions and replies in the order of the attempts. */
export function sendAt(endpoint: Endpoint, timeline: Timeline, attempts: readonly TimedAttempt[]): AttemptResult[] {
  return attempts.map(({ at, call, output = 0, hangsUpAfter }) => {
    const result: AttemptResult = {}
    const attempt: IncomingAttempt = {
      call,
      outputTokens: output,
      decided(at, verdict) {
        if (result.decided) throw new Error('decided twice')
        result.decided = { at, verdict }
      },
      done(reply, money) {
        if (result.done || !result.decided) throw new Error('done twice, or before it was decided')
        result.done = { at: timeline.now(), reply, money }
      },
      stopped(outputTokens, money) {
        if (result.done || result.stopped) throw new Error('stopped after its end')
        result.stopped = { at: timeline.now(), outputTokens, money }
      },
    }
    timeline.after(at - timeline.now(), () => {
      const there = endpoint(attempt)
      if (hangsUpAfter !== undefined) timeline.after(hangsUpAfter, () => there.hangUp())
    })
    return result
  })
}

export interface TimedAttempt {
  readonly at: Millis
  readonly call: Call
  readonly output?: number
  /** How long after its arrival the caller hangs up. Default: it does not. */
  readonly hangsUpAfter?: Millis
}

/** Records what it is told about each attempt, and fails when something is told twice. */
export class RecorderStub implements AttemptRecorder {
  readonly decisions = new Map<number, { readonly at: Millis; readonly verdict: Verdict }>()
  /** Every rule that denied an attempt. */
  readonly deniedBy = new Map<number, readonly Rule[]>()
  readonly bills = new Map<number, number>()
  readonly answers: number[] = []

  decided(attempt: number, at: Millis, verdict: Verdict, rules: readonly Rule[]): void {
    if (this.decisions.has(attempt)) throw new Error(`attempt ${attempt} was decided twice`)
    this.decisions.set(attempt, { at, verdict })
    if (rules.length > 0) this.deniedBy.set(attempt, rules)
  }

  billed(attempt: number, money: number): void {
    if (this.bills.has(attempt)) throw new Error(`attempt ${attempt} was billed twice`)
    this.bills.set(attempt, money)
  }

  answered(attempt: number): void {
    this.answers.push(attempt)
  }
}

/** An amount, and the instant at which it was counted. */
export interface Charge {
  readonly at: Millis
  readonly requests: number
  readonly tokens: number
}

/** The sum over the window (now − window, now], computed directly. */
export function inWindow(entries: readonly Charge[], { rule, window }: Limit, now: Millis): number {
  const unit = unitOf(rule)
  return entries.reduce((sum, entry) => sum + (entry.at > now - window && entry.at <= now ? entry[unit] : 0), 0)
}

/** The first limit, in the order of the list, that a cost would exceed, computed directly. */
export function firstFull(entries: readonly Charge[], limits: readonly Limit[], cost: Charge): Limit | undefined {
  return limits.find((limit) => inWindow(entries, limit, cost.at) + cost[unitOf(limit.rule)] > limit.limit)
}

/** Small windows and limits, so that equal instants, exact fits and full windows are frequent. */
export const anyLimits: fc.Arbitrary<Limit[]> = fc
  .tuple(
    fc.record({ limit: fc.integer({ min: 1, max: 4 }), window: fc.integer({ min: 1, max: 10 }) }),
    fc.record({ limit: fc.integer({ min: 1, max: 8 }), window: fc.integer({ min: 10, max: 40 }) }),
    fc.record({ limit: fc.integer({ min: 20, max: 60 }), window: fc.integer({ min: 1, max: 40 }) }),
  )
  .map(([rps, rpm, tpm]) => [
    { rule: 'rps', ...rps },
    { rule: 'rpm', ...rpm },
    { rule: 'tpm', ...tpm },
  ])

/** Gaps between attempts, most of them 0 to 3 ms. */
export const gaps = fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(25))

export const anyWindow = fc.constantFrom('sliding', 'fixed', 'bucket')
export const anyTokenCharge = fc.constantFrom('split', 'admission', 'reserve', 'completion')

/** The instants to which gaps add up. */
export function instants(between: readonly Millis[]): Millis[] {
  let now = 0
  return between.map((gap) => {
    now += gap
    return now
  })
}
