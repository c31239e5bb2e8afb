import { fc } from '@fast-check/vitest'
import { flat, type ModelRow, type PriceTier, type Profile } from '../../sim/profiles/profile.ts'
import { account } from '../../sim/provider/account.ts'
import type { Endpoint, IncomingAttempt } from '../../sim/provider/endpoint.ts'
import { type Decision, type Provider, simulatedProvider } from '../../sim/provider/provider.ts'
import { switchesOf } from '../../sim/switches/provider-switches.ts'
import type { Timeline } from '../../sim/time/virtual-clock.ts'
import type { Call, Reply, Target } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import { type Limit, unitOf } from '../../src/core/limit.ts'
import { seeded } from '../../src/core/random.ts'
import type { AccountSpec, AttemptRecorder, Switches, Verdict } from '../../src/scenario/world.ts'

// Small worlds whose every number is known: no chance, no burst guard, one token a millisecond.

export const minute: Millis = 60_000

/** Nothing is random, and an answer of n tokens takes n ms (at least 1). */
export const calm: Partial<Switches> = {
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

/** One price for all: a prompt token costs 1, an output token 3, by the million. */
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
  /** More models than `m`. */
  readonly models?: Readonly<Record<string, readonly Limit[]>>
  readonly accounts?: readonly AccountSpec[]
  readonly switches?: Partial<Switches>
  readonly profile?: Profile
  readonly seed?: number
}

/** A provider of model `m` for key `k` of account `a`, unless told otherwise. */
export function providerOf(options: RigOptions = {}): Provider {
  const { limits = [], models = {}, accounts = [{ name: 'a', keys: ['k'] }], seed = 1 } = options
  const rules = {
    profile: options.profile ?? profileOf({ m: limits, ...models }),
    switches: switchesOf({ ...calm, ...options.switches }),
  }
  return simulatedProvider({
    ...rules,
    random: seeded(seed),
    accounts: accounts.map((spec) => account({ spec, ...rules })),
  })
}

/** Admitted, refused with a status, or denied by a rule: a decision in one word. */
export function verdictOf(decision: Decision): Verdict {
  if (decision.kind === 'denied') return decision.denial.rule
  return decision.kind
}

/** Asks for one request of so many prompt tokens. */
export function ask(simulated: Provider, now: Millis, call: Partial<Call> = {}, output = 0): Verdict {
  return verdictOf(simulated.admit(callOf(0, call), output, now))
}

export interface Noted {
  decided?: { readonly at: Millis; readonly verdict: Verdict }
  done?: { readonly at: Millis; readonly reply: Reply; readonly money: number }
}

/** Sends calls to an endpoint at given instants, and notes what happens to them. Notes are in the order of the calls. */
export function inFlight(endpoint: Endpoint, timeline: Timeline, timedCalls: readonly TimedCall[]): Noted[] {
  return timedCalls.map(({ at, call, output = 0 }) => {
    const noted: Noted = {}
    const attempt: IncomingAttempt = {
      call,
      outputTokens: output,
      decided(at, verdict) {
        if (noted.decided) throw new Error('decided twice')
        noted.decided = { at, verdict }
      },
      done(reply, money) {
        if (noted.done || !noted.decided) throw new Error('done twice, or before it was decided')
        noted.done = { at: timeline.now(), reply, money }
      },
    }
    timeline.after(at - timeline.now(), () => endpoint(attempt))
    return noted
  })
}

export interface TimedCall {
  readonly at: Millis
  readonly call: Call
  readonly output?: number
}

/** What a recorder was told about each attempt. */
export class Notebook implements AttemptRecorder {
  readonly decisions = new Map<number, { readonly at: Millis; readonly verdict: Verdict }>()
  readonly bills = new Map<number, number>()
  readonly answers: number[] = []

  decided(attempt: number, at: Millis, verdict: Verdict): void {
    if (this.decisions.has(attempt)) throw new Error(`attempt ${attempt} was decided twice`)
    this.decisions.set(attempt, { at, verdict })
  }

  billed(attempt: number, money: number): void {
    if (this.bills.has(attempt)) throw new Error(`attempt ${attempt} was billed twice`)
    this.bills.set(attempt, money)
  }

  answered(attempt: number): void {
    this.answers.push(attempt)
  }
}

/** What was counted when. */
export interface Entry {
  readonly at: Millis
  readonly requests: number
  readonly tokens: number
}

/** The sum over the window (now − window, now], the obvious way. */
export function inWindow(entries: readonly Entry[], { rule, window }: Limit, now: Millis): number {
  const unit = unitOf(rule)
  return entries.reduce((sum, entry) => sum + (entry.at > now - window && entry.at <= now ? entry[unit] : 0), 0)
}

/** The first limit, in list order, that a cost would exceed: the obviously correct sliding windows. */
export function firstFull(entries: readonly Entry[], limits: readonly Limit[], cost: Entry): Limit | undefined {
  return limits.find((limit) => inWindow(entries, limit, cost.at) + cost[unitOf(limit.rule)] > limit.limit)
}

/** Small windows and limits on purpose: ties, exact fits and full windows are where things go wrong. */
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

/** Gaps between attempts: mostly none or few milliseconds. */
export const gaps = fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(25))

export const anyWindow = fc.constantFrom('sliding', 'fixed', 'bucket')
export const anyTokenCharge = fc.constantFrom('split', 'admission', 'reserve', 'completion')

/** Cumulative sums: gaps to instants. */
export function instants(between: readonly Millis[]): Millis[] {
  let now = 0
  return between.map((gap) => {
    now += gap
    return now
  })
}
