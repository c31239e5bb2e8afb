import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { oneOf } from '../../../src/checks/shape.ts'
import type { Case, Scenario } from '../../../src/scenario/scenario.ts'
import { scenarioProblems } from '../../../src/scenario/scenario-problems.ts'

const known = oneOf(['none', 'queue', 'retry-full'])
const plainCase = {
  name: 'batch',
  title: '2,000 calls at once',
  arrivals: { kind: 'at-once', calls: 2000 },
  lengths: { kind: 'fixed', prompt: 100, output: 50 },
  maxTokens: 2048,
  patience: 600_000,
  horizon: 900_000,
} satisfies Case
const plain = {
  name: 'burst',
  title: 'A burst',
  question: 'Who survives it?',
  model: 'qwen3-max',
  world: { profile: 'article', accounts: [{ name: 'main', keys: ['sk-1'] }] },
  strategies: ['none', 'queue'],
  cases: [plainCase],
} satisfies Scenario

const problems = (changes: object) => scenarioProblems({ ...plain, ...changes }, known)
const inCase = (changes: object) => problems({ cases: [plainCase, { ...plainCase, name: 'other', ...changes }] })

describe('a scenario', () => {
  test('has no problem when it is complete', () => {
    expect(scenarioProblems(plain, known)).toEqual([])
    expect(inCase({ serverWait: 60_000 })).toEqual([])
    expect(inCase({ processes: 16, joinEvery: 20_000, leaveAfter: 60_000 })).toEqual([])
    expect(inCase({ processes: 1, joinEvery: 20_000 })).toEqual([])
    expect(inCase({ patience: Infinity, world: {}, strategies: ['queue'] })).toEqual([])
    expect(inCase({ world: { events: [], gateways: [], accounts: [] }, strategies: undefined })).toEqual([])
  })

  test.each([
    ['null', null, 'null'],
    ['nothing', undefined, 'undefined'],
    ['a number', 7, '7'],
    ['a text', 'burst', '"burst"'],
    ['a list', [plain], 'a list'],
    ['a function', () => plain, 'a function'],
  ])('is not %s', (_what, value, shown) => {
    expect(scenarioProblems(value, known)).toEqual([`Expected the scenario to be an object, got ${shown}`])
  })

  test('without any field has one problem for each required field', () => {
    expect(scenarioProblems({}, known)).toEqual([
      'Expected `name` to be lower-case words joined by hyphens, got undefined',
      'Expected `title` to be a text that is not empty, got undefined',
      'Expected `question` to be a text that is not empty, got undefined',
      'Expected `model` to be a text that is not empty, got undefined',
      'Expected `world` to be an object, got undefined',
      'Expected `strategies` to be a list, got undefined',
      'Expected `cases` to be a list, got undefined',
    ])
  })

  test.each(['', 'Burst', 'two words', '-a', 'a-', 'a--b', 'a_b', '../up', 'a/b', 'ä', 7, null])(
    'cannot have the name %j',
    (name) => {
      expect(problems({ name })).toHaveLength(1)
      expect(problems({ name })[0]).toMatch(/^Expected `name` to be lower-case words joined by hyphens, got /)
    },
  )

  test.each<[string, object, readonly string[]]>([
    [
      'an unknown field',
      { strategy: [] },
      [
        'Expected the scenario to have no fields but name, title, question, model, world, strategies, thresholds, trace, cases, got "strategy"; did you mean strategies?',
      ],
    ],
    ['no strategies', { strategies: [] }, ['Expected `strategies` to have at least one item, got none']],
    ['no cases', { cases: [] }, ['Expected `cases` to have at least one item, got none']],
    [
      'an unknown strategy',
      { strategies: ['queue', 'retry-ful'] },
      ['Expected `strategies[1]` to be one of none, queue, retry-full, got "retry-ful"; did you mean retry-full?'],
    ],
    [
      'a strategy twice',
      { strategies: ['queue', 'none', 'queue'] },
      ['Expected `strategies[2]` to differ from `strategies[0]`, got "queue" twice'],
    ],
    [
      'a name of the prototype',
      { strategies: ['toString'] },
      ['Expected `strategies[0]` to be one of none, queue, retry-full, got "toString"'],
    ],
    [
      'a case twice',
      { cases: [plainCase, plainCase] },
      ['Expected `cases[1].name` to differ from `cases[0].name`, got "batch" twice'],
    ],
    ['no world', { world: null }, ['Expected `world` to be an object, got null']],
    [
      'switches that are not an object',
      { world: { ...plain.world, switches: 'on' } },
      ['Expected `world.switches` to be an object, got "on"'],
    ],
    ['a case that is not an object', { cases: [null] }, ['Expected `cases[0]` to be an object, got null']],
  ])('has %s', (_what, changes, expected) => {
    expect(problems(changes)).toEqual(expected)
  })
})

describe('a case', () => {
  test.each<[string, object, readonly string[]]>([
    [
      'a bad name',
      { name: 'Big Batch' },
      ['Expected `cases[1].name` to be lower-case words joined by hyphens, got "Big Batch"'],
    ],
    ['no title', { title: '' }, ['Expected `cases[1].title` to be a text that is not empty, got ""']],
    [
      'a bad rate',
      { arrivals: { kind: 'poisson', perSecond: 0, until: 1 } },
      ['Expected `cases[1].arrivals.perSecond` to be > 0 and <= 1000000, got 0'],
    ],
    [
      'arrivals after the end of the run',
      { arrivals: { kind: 'poisson', perSecond: 1, until: 2000 }, patience: 500, horizon: 1999 },
      [
        'Expected `cases[1].arrivals.until` to be at most `horizon` (1999), the end of the run, got 2000. A horizon of 2500 leaves every call its patience',
      ],
    ],
    [
      'arrivals of a tenant after the end of the run',
      {
        tenants: [{ name: 'web', share: 1, arrivals: { kind: 'gamma', perSecond: 1, cv: 2, until: 900_001 } }],
        patience: Infinity,
      },
      [
        'Expected `cases[1].tenants[0].arrivals.until` to be at most `horizon` (900000), the end of the run, got 900001. A horizon of 900001 leaves every call its patience',
      ],
    ],
    [
      'a tenant whose calls would not be in the list of the workers',
      {
        arrivals: { kind: 'closed', workers: 2, calls: 10, think: 0 },
        tenants: [
          { name: 'web', share: 1 },
          { name: 'batch', arrivals: { kind: 'at-once', calls: 1 } },
        ],
      },
      [
        "Expected `cases[1].tenants[1].arrivals` to be absent where the case's `arrivals` are closed, got an object: give the tenant a `share`",
      ],
    ],
    ['tenants that are no list', { tenants: 3 }, ['Expected `cases[1].tenants` to be a list, got 3']],
    ['no arrivals', { arrivals: undefined }, ['Expected `cases[1].arrivals` to be an object, got undefined']],
    [
      'bad lengths',
      { lengths: { kind: 'fixed', prompt: 1.5, output: 1 } },
      ['Expected `cases[1].lengths.prompt` to be a whole number >= 1 and <= 10000000, got 1.5'],
    ],
    ['no max_tokens', { maxTokens: 0 }, ['Expected `cases[1].maxTokens` to be >= 1 and <= 10000000, got 0']],
    ['a negative wait', { serverWait: -1 }, ['Expected `cases[1].serverWait` to be >= 0, got -1']],
    [
      'a wait in words',
      { serverWait: '60 s' },
      ['Expected `cases[1].serverWait` to be a whole number >= 0, got "60 s"'],
    ],
    ['no process', { processes: 0 }, ['Expected `cases[1].processes` to be >= 1 and <= 1000, got 0']],
    [
      'half a process',
      { processes: 1.5 },
      ['Expected `cases[1].processes` to be a whole number >= 1 and <= 1000, got 1.5'],
    ],
    [
      'processes as a list',
      { processes: [4] },
      ['Expected `cases[1].processes` to be a whole number >= 1 and <= 1000, got a list'],
    ],
    ['joins at once', { processes: 2, joinEvery: 0 }, ['Expected `cases[1].joinEvery` to be > 0, got 0']],
    [
      'joins and leaves without processes',
      { joinEvery: 1000, leaveAfter: 9000 },
      [
        'Expected `cases[1].joinEvery` only beside `processes`, got 1000 and no processes',
        'Expected `cases[1].leaveAfter` only beside `processes`, got 9000 and no processes',
      ],
    ],
    [
      'processes that join a trace',
      { processes: 2, joinEvery: 1000, arrivals: { kind: 'trace', speed: 1 } },
      ['Expected `cases[1].joinEvery` only where arrivals do not come from a trace, got 1000: leave it out'],
    ],
    [
      'a process that joins after the end',
      { processes: 3, joinEvery: 500, horizon: 1000 },
      ['Expected `cases[1].horizon` to be after the last arrivals of the process that joins last (1000), got 1000'],
    ],
    [
      'a process whose arrivals go on after the end',
      { processes: 2, joinEvery: 500, arrivals: { kind: 'poisson', perSecond: 1, until: 600 }, horizon: 1000 },
      ['Expected `cases[1].horizon` to be after the last arrivals of the process that joins last (1100), got 1000'],
    ],
    ['no patience', { patience: 0 }, ['Expected `cases[1].patience` to be > 0, got 0']],
    [
      'half a millisecond’s patience',
      { patience: 0.5 },
      ['Expected `cases[1].patience` to be a whole number > 0, got 0.5'],
    ],
    [
      'patience that is not a number',
      { patience: Number.NaN },
      ['Expected `cases[1].patience` to be a whole number > 0, got NaN'],
    ],
    [
      'no horizon',
      { horizon: Infinity },
      ['Expected `cases[1].horizon` to be a whole number > 0 and <= 15552000000, got Infinity'],
    ],
    [
      'a horizon beyond 180 days',
      { horizon: 15_552_000_001 },
      ['Expected `cases[1].horizon` to be > 0 and <= 15552000000, got 15552000001'],
    ],
    [
      'a switch, which only the scenario may have',
      { world: { switches: { window: 'fixed' } } },
      [
        'Expected `cases[1].world` to have no fields but accounts, gateways, events, limits, background, got "switches"',
      ],
    ],
    ['a world that is not an object', { world: 3 }, ['Expected `cases[1].world` to be an object, got 3']],
    ['no strategy left', { strategies: [] }, ['Expected `cases[1].strategies` to have at least one item, got none']],
    [
      'a strategy that the scenario does not have',
      { strategies: ['retry-full'] },
      ['Expected `cases[1].strategies[0]` to be one of none, queue, got "retry-full"'],
    ],
    [
      'an unknown field',
      { horzon: 3 },
      [
        'Expected `cases[1]` to have no fields but name, title, arrivals, lengths, tenants, maxTokens, patience, horizon, serverWait, processes, joinEvery, leaveAfter, world, strategies, baseline, sweep, got "horzon"; did you mean horizon?',
      ],
    ],
    [
      'several faults',
      { maxTokens: '8', patience: -1, horizon: 0 },
      [
        'Expected `cases[1].maxTokens` to be a whole number >= 1 and <= 10000000, got "8"',
        'Expected `cases[1].patience` to be > 0, got -1',
        'Expected `cases[1].horizon` to be > 0 and <= 15552000000, got 0',
      ],
    ],
  ])('has %s', (_what, changes, expected) => {
    expect(inCase(changes)).toEqual(expected)
  })
})

describe('a baseline', () => {
  test('may be another case, earlier or later in the list', () => {
    expect(inCase({ baseline: 'batch' })).toEqual([])
    const first = { ...plainCase, name: 'first', baseline: 'batch' }
    expect(problems({ cases: [first, plainCase] })).toEqual([])
  })

  test.each([
    ['bach', 'Expected `cases[1].baseline` to be one of batch, got "bach"; did you mean batch?'],
    ['other', 'Expected `cases[1].baseline` to be one of batch, got "other"'],
    [7, 'Expected `cases[1].baseline` to be a text that is not empty, got 7'],
  ])('cannot be %j', (baseline, expected) => {
    expect(inCase({ baseline })).toEqual([expected])
  })
})

const path = fc.constantFrom(
  ...['name', 'title', 'question', 'model', 'strategies', 'cases'].map((name) => [name]),
  ...['name', 'title', 'arrivals', 'lengths', 'maxTokens', 'patience', 'horizon'].map((name) => ['cases', '0', name]),
  ['cases', '0'],
  ['cases', '0', 'arrivals', 'kind'],
  ['cases', '0', 'lengths', 'prompt'],
)
const garbage = fc.oneof(
  fc.constant(undefined),
  fc.constant(null),
  fc.boolean(),
  fc.constant(-1),
  fc.func(fc.nat()),
  fc.bigInt(),
  fc.constant(Symbol('x')),
  fc.object(),
  fc.constant(Object.create(null)),
  fc.constant(Array(3)),
)

test.prop([path, garbage])(
  'a wrong value in any place gives a problem that names the place, and never an exception',
  (place, value) => {
    const found = scenarioProblems(put(plain, place, value), known)
    const name = place.join('.').replace('cases.0', 'cases[0]')
    expect(found.length).toBeGreaterThan(0)
    expect(found.every((problem) => problem.includes(`\`${name}`))).toBe(true)
  },
)

test.prop([fc.anything()])('any value that is not a scenario gives a problem, and never an exception', (value) => {
  expect(scenarioProblems(value, known).length).toBeGreaterThan(0)
})

function put(value: unknown, [first, ...rest]: readonly string[], leaf: unknown): unknown {
  if (first === undefined) return leaf
  if (Array.isArray(value)) return value.with(Number(first), put(value[Number(first)], rest, leaf))
  const fields = value as Record<string, unknown>
  return { ...fields, [first]: put(fields[first], rest, leaf) }
}
