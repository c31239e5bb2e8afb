import { fc } from '@fast-check/vitest'
import type { Case, Scenario } from '../../../src/scenario/scenario.ts'

// Small studies of a model with narrow limits: 1 request a second, 60 requests and 100,000 tokens a minute, for each account.

const model = 'qwen3-max-2025-09-23'
const accounts = ['a', 'b', 'c'].map((name) => ({ name, keys: [`sk-${name}`] }))

const arrivals: fc.Arbitrary<Case['arrivals']> = fc.oneof(
  fc.record({ kind: fc.constant('at-once' as const), calls: fc.integer({ min: 1, max: 70 }) }),
  fc.record({
    kind: fc.constant('poisson' as const),
    perSecond: fc.constantFrom(0.2, 1, 3),
    until: fc.constantFrom(20_000, 70_000),
  }),
)
const closed: fc.Arbitrary<Case['arrivals']> = fc.record({
  kind: fc.constant('closed' as const),
  workers: fc.integer({ min: 1, max: 12 }),
  calls: fc.integer({ min: 1, max: 70 }),
  think: fc.constantFrom(0, 500, 5000),
})
/** Lengths of which a minute bears from one call to all, and some that no limit ever admits. */
const lengths: fc.Arbitrary<Case['lengths']> = fc.record({
  kind: fc.constant('log-normal' as const),
  prompt: fc.record({
    median: fc.constantFrom(10, 2000, 20_000, 60_000),
    spread: fc.constantFrom(0, 0.7),
    most: fc.constant(250_000),
  }),
  output: fc.record({
    median: fc.constantFrom(1, 300, 5000),
    spread: fc.constantFrom(0, 0.7),
    most: fc.constant(9000),
  }),
})
const until = fc.constantFrom(20_000, 70_000)
const events = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 90_000 }),
    account: fc.constantFrom('a', 'b'),
    model: fc.constant(model),
    factor: fc.constantFrom(0.1, 0.4, 1, 1.3, 3),
  }),
  { maxLength: 3 },
)
/** Others who use up a part of the quota of the first two accounts, or all of it. */
const background = fc.array(
  fc.record({
    account: fc.constantFrom('a', 'b'),
    model: fc.constant(model),
    arrivals: fc.oneof(
      fc.record({ kind: fc.constant('poisson' as const), perSecond: fc.constantFrom(0.2, 0.8, 2), until }),
      fc.record({
        kind: fc.constant('on-off' as const),
        perSecond: fc.constant(1),
        on: fc.constant(10_000),
        off: fc.constant(20_000),
        until,
      }),
      fc.record({
        kind: fc.constant('step' as const),
        before: fc.constantFrom(0, 0.7),
        after: fc.constantFrom(0, 0.7),
        at: fc.constant(30_000),
        until,
      }),
    ),
    lengths: fc.record({
      kind: fc.constant('fixed' as const),
      prompt: fc.constantFrom(1, 2000),
      output: fc.constantFrom(0, 500),
    }),
    maxTokens: fc.constantFrom(1, 1000),
  }),
  { maxLength: 2 },
)
const limits = fc.option(
  fc.constantFrom('rps:1,rpm:60,tpm:100000', 'requests:7/10s,tokens:30000/20s', 'requests:3/7s,rpm:20'),
  { nil: undefined },
)
const switches = fc.record({
  window: fc.constantFrom('sliding' as const, 'fixed' as const, 'bucket' as const, 'anchored' as const),
  tokenCharge: fc.constantFrom('split' as const, 'admission' as const, 'reserve' as const, 'completion' as const),
  burstGuard: fc.boolean(),
  rejectsCount: fc.boolean(),
  burstFloor: fc.constantFrom(0.2, 5),
  refund: fc.boolean(),
  inFlightLimit: fc.constantFrom(0, 0, 1, 3),
  gridPhase: fc.constantFrom('seed' as const, 'start' as const),
})

function scenarioWith(offered: typeof arrivals): fc.Arbitrary<Scenario> {
  const chosen = fc.record({
    arrivals: offered,
    lengths,
    events,
    background,
    limits,
    switches,
    maxTokens: fc.constantFrom(1, 2000, 9000),
    patience: fc.constantFrom(1500, 40_000, 150_000, Infinity),
    horizon: fc.constantFrom(70_000, 200_000),
  })
  return chosen.map(({ events, background, limits, switches, ...chosen }) => ({
    name: 'any',
    title: 'Any',
    question: 'Which?',
    model,
    world: { profile: 'article', accounts, events, background, ...(limits !== undefined && { limits }), switches },
    strategies: ['none', 'retry-equal', 'retry-pace', 'rotation'],
    cases: [{ name: 'any', title: 'Any', ...chosen }],
  }))
}

/** Scenarios with one case, in which limits on requests, on tokens and on growth bind. */
export const anyScenario = scenarioWith(arrivals)

/** The same with workers who take the calls one after the other. */
export const anyClosedScenario = scenarioWith(closed)
