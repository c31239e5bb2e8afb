import { fc } from '@fast-check/vitest'
import { optimumNames } from '../../src/compare/comparison.ts'
import { metricNames } from '../../src/compare/metric-kinds.ts'
import {
  type CaseFacts,
  type Cell,
  type Contestant,
  type RawResult,
  type StudyFacts,
  wireLimits,
} from '../../src/compare/raw-result.ts'
import { rules } from '../../src/core/limit.ts'
import { outcomes } from '../../src/harness/trace.ts'
import { comparison } from './comparison.ts'

// Raw results that no run would give, but whose every field is within its type.

/** Any double >= 0, the ones included that JSON lacks. */
const figure = fc.oneof(
  fc.constantFrom(0, Number.MIN_VALUE, 0.1 + 0.2, 1e21, Number.MAX_VALUE, Infinity, Number.NaN),
  fc.double({ min: 0 }).map((value) => value + 0),
)
const count = fc.maxSafeNat()
/** Any text that a scenario may have: signs of all kinds, and words that are numbers elsewhere. */
const text = fc.oneof(
  fc.constantFrom('Infinity', 'NaN', '__proto__', '2,000 calls', 'a "b" \\ c\nd\u2028\u0000é😀'),
  fc.string({ unit: 'binary', minLength: 1 }).filter((each) => each.trim() !== ''),
)
const slug = fc.stringMatching(/^[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}$/)

function each<K extends string, V>(names: readonly K[], value: fc.Arbitrary<V>): fc.Arbitrary<Record<K, V>> {
  return fc.record(Object.fromEntries(names.map((name) => [name, value]))) as fc.Arbitrary<Record<K, V>>
}

/** The number of a limit, or of a window. */
const amount = fc.integer({ min: 1, max: 2 ** 40 })
// A comparison refuses figures that exceed the limits which the study states. So only tokens are limited, and no call has any.
const limit = fc.record({
  unit: fc.constant('tokens' as const),
  window: amount,
  // A limit begins at 0, and is never lowered.
  phases: fc
    .array(fc.record({ from: fc.nat(), limit: amount }), { minLength: 1, maxLength: 2 })
    .map(([first, ...raises]) => [
      { from: 0, limit: first!.limit },
      ...raises.map(({ from, limit }) => ({ from: 1 + from, limit: first!.limit + limit })),
    ]),
})

const contestant: fc.Arbitrary<Contestant> = fc.record(
  {
    id: text,
    label: text,
    about: text,
    quotaText: text,
    limits: fc.array(limit, { maxLength: 2 }),
    solution: fc.integer({ min: 1, max: 5 }),
    terms: text,
  },
  { requiredKeys: ['id', 'label', 'about', 'quotaText', 'limits'] },
)

const caseFacts: fc.Arbitrary<CaseFacts> = fc.record(
  {
    name: slug,
    title: text,
    patience: fc.oneof(fc.integer({ min: 1 }), fc.constant(Infinity)),
    horizon: fc.integer({ min: 1 }),
    late: fc.integer({ min: 1 }),
    limitPerSecond: figure,
    raises: fc.array(fc.record({ at: fc.nat(), perSecond: figure }), { maxLength: 2 }),
    sweep: fc.record({ of: slug, load: fc.integer({ min: 1, max: 3 }) }),
    contestants: fc.uniqueArray(contestant, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
  },
  { requiredKeys: ['name', 'title', 'patience', 'horizon', 'limitPerSecond', 'raises', 'contestants'] },
)

const facts: fc.Arbitrary<StudyFacts> = fc.record(
  {
    scenario: fc.record(
      { name: slug, given: text, title: text, question: text, model: text },
      { requiredKeys: ['name', 'title', 'question', 'model'] },
    ),
    profile: fc.record({ name: text, title: text, currency: text }),
    switches: fc.constant(comparison.switches),
    changed: fc.array(text, { maxLength: 3 }),
    wire: fc.record({
      address: text,
      speed: fc.double({ min: 1e-6, noNaN: true, noDefaultInfinity: true }),
      limits: fc.constantFrom(...wireLimits),
      warnings: fc.array(text, { maxLength: 2 }),
    }),
    replayed: fc.record({
      file: text,
      format: text,
      rows: count,
      outside: count,
      skipped: count,
      warnings: fc.array(text, { maxLength: 2 }),
    }),
    failed: fc.array(fc.record({ id: text, message: text }), { minLength: 1, maxLength: 2 }),
    seeds: fc.uniqueArray(count, { minLength: 1, maxLength: 3 }),
    cases: fc.uniqueArray(caseFacts, { minLength: 1, maxLength: 2, selector: ({ name }) => name }).map(withBaseline),
  },
  { requiredKeys: ['scenario', 'profile', 'switches', 'changed', 'seeds', 'cases'] },
)

/** The second case has the first for its baseline. */
function withBaseline(cases: readonly CaseFacts[]): CaseFacts[] {
  return cases.map((each, i) => (i === 0 ? each : { ...each, baseline: cases[0]!.name }))
}

const share = fc.double({ min: 0, max: 1 })
const tenant = fc.record({
  name: text,
  calls: count,
  answered: count,
  attempts: count,
  waitP50: figure,
  waitP95: figure,
})
const run = fc
  .record({
    summary: fc.record(
      {
        calls: count,
        outcomes: each(outcomes, count),
        attempts: count,
        denials: each(rules, count),
        deniedBy: each(rules, count),
        served: fc.record({ calls: count, tokens: fc.constant(0) }),
        span: count,
        metrics: each(metricNames, figure),
        tenants: fc.array(tenant, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['calls', 'outcomes', 'attempts', 'denials', 'deniedBy', 'served', 'span', 'metrics'] },
    ),
    optimum: each(optimumNames, figure),
    shares: fc.tuple(share, share, share, share, share, share),
  })
  .map(({ summary, optimum, shares: [ofBound, reachableShare, a, b, deniedShare, elsewhere] }) => {
    const [served = 0, bound = 0, calls = 0] = [summary.served.calls, summary.outcomes.ok, summary.calls].sort(
      (a, b) => a - b,
    )
    return {
      summary: {
        ...summary,
        calls,
        served: { calls: served, tokens: 0 },
        metrics: {
          ...summary.metrics,
          ...{ success: Math.max(a, b), withinSlo: Math.min(a, b), ofBound, deniedShare, elsewhere },
          ...{ goodput: 0, throughput: 0 },
        },
      },
      optimum: {
        ...optimum,
        bound,
        reachable: Math.min(served, bound),
        boundTokens: 0,
        reachableTokens: 0,
        reachableShare,
      },
    }
  })

const series = fc.record({
  admittedPerSecond: fc.array(count, { maxLength: 20 }),
  deniedPerSecond: fc.array(count, { maxLength: 20 }),
  waitQuantiles: fc.array(figure, { minLength: 101, maxLength: 101 }),
  reachableWaitQuantiles: fc.array(figure, { minLength: 101, maxLength: 101 }),
})

/** Any study that the format can hold, with all its cells. */
export const anyStudy: fc.Arbitrary<RawResult> = facts.chain((study) => {
  const names = study.cases.flatMap(({ name, contestants }) =>
    study.seeds.flatMap((seed) => contestants.map(({ id }) => ({ case: name, strategy: id, seed }))),
  )
  const cells = names.map((of): fc.Arbitrary<Cell> => {
    const isFirst = of.seed === study.seeds[0]
    return fc.tuple(run, series).map(([made, series]) => ({ ...of, ...made, ...(isFirst && { series }) }))
  })
  return fc.record({ study: fc.constant(study), cells: fc.tuple(...cells) })
})
