import { describe, expect, test } from 'vitest'
import { clientKnowledgeOf } from '../../lab/catalogue/client-knowledge.ts'
import { loadScenario, scenarioFile, scenarioNames } from '../../lab/load-scenario.ts'
import { applySettings, titleOf, titleProblems } from '../../lab/settings.ts'
import burst from '../../scenarios/burst.ts'
import replay from '../../scenarios/replay.ts'
import steady from '../../scenarios/steady.ts'
import tenants from '../../scenarios/tenants.ts'
import type { Case, Scenario } from '../../src/scenario/scenario.ts'

const scenario: Scenario = burst
const apply = (...set: string[]) => applySettings(scenario, { set })
/** A scenario with a number of each kind in its lists. */
const busy: Scenario = {
  ...burst,
  world: {
    ...burst.world,
    background: [
      {
        account: 'main',
        model: 'qwen3-max',
        arrivals: { kind: 'poisson', perSecond: 1, until: 1000 },
        lengths: { kind: 'fixed', prompt: 1, output: 1 },
        maxTokens: 10,
      },
    ],
    events: [
      { at: 1000, account: 'main', model: 'qwen3-max', factor: 0.5, repeat: { every: 9000, times: 3 } },
      { at: 2000, account: 'main', model: 'qwen3-max', to: 1 },
    ],
  },
  cases: [
    {
      ...(burst.cases[0] as Case),
      title: '{tenants.1.share} of 4, limits × {events.0.factor} after {events.0.at} and each {events.0.repeat.every}',
      tenants: [
        { name: 'web', share: 1, arrivals: { kind: 'at-once', calls: 3 } },
        { name: 'app', share: 3 },
      ],
    },
  ],
}

describe('--set', () => {
  test('changes a switch of the world, with a value of the switch’s type', () => {
    expect(apply('rejectsCount=true', 'window=fixed', 'burstGrowth=1.5').world.switches).toEqual({
      rejectsCount: true,
      window: 'fixed',
      burstGrowth: 1.5,
    })
    expect(apply('burstGuard=off').world.switches).toEqual({ burstGuard: false })
  })

  test('changes a number in every case that has it, and in no other', () => {
    const { cases } = apply('patience=1000', 'arrivals.calls=7', 'lengths.prompt.median=10')
    expect(cases.map(({ patience }) => patience)).toEqual([1000, 1000, 1000, 1000])
    expect(cases.map(({ arrivals }) => arrivals)).toEqual(Array(4).fill({ kind: 'at-once', calls: 7 }))
    expect(cases[0]!.lengths).toMatchObject({ prompt: { median: 10 }, output: { median: 150 } })
  })

  test('changes a number of a tenant, of others and of a change of limits, by its place in the list', () => {
    const shared = { ...busy, cases: [...busy.cases, { ...busy.cases[0]!, world: { events: [] } }] }
    const changed = applySettings(shared, {
      set: [
        'tenants.1.share=7',
        'tenants.0.arrivals.calls=9',
        'background.0.arrivals.perSecond=0.25',
        'background.0.maxTokens=50',
        'events.1.to=4',
        'events.0.at=5000',
        'events.0.repeat.times=2',
      ],
    })
    expect(changed.cases[0]!.tenants).toEqual([
      { name: 'web', share: 1, arrivals: { kind: 'at-once', calls: 9 } },
      { name: 'app', share: 7 },
    ])
    expect(changed.world.background![0]).toMatchObject({ arrivals: { perSecond: 0.25 }, maxTokens: 50 })
    expect(changed.world.events).toEqual([
      { at: 5000, account: 'main', model: 'qwen3-max', factor: 0.5, repeat: { every: 9000, times: 2 } },
      { at: 2000, account: 'main', model: 'qwen3-max', to: 4 },
    ])
    // What a case states in its own world stays.
    expect(changed.cases[1]!.world).toEqual({ events: [] })
  })

  test('changes a number in the own world of each case that has it', () => {
    const { cases, world } = apply('events.0.factor=2')
    expect(cases.map((chosen) => chosen.world?.events?.at(0)?.factor)).toEqual([undefined, undefined, 2, 2])
    expect(world).toEqual(burst.world)
  })

  test('changes a list of several cases in each of them', () => {
    const { cases } = applySettings(tenants, { set: ['tenants.2.priority=3'] })
    expect(cases.map((chosen) => chosen.tenants?.[2]?.priority)).toEqual([undefined, 3, 3])
  })

  test('does not change the given scenario', () => {
    const before = JSON.stringify(scenario)
    apply('patience=1', 'window=bucket')
    expect(JSON.stringify(scenario)).toBe(before)
  })

  test('--profile changes the world', () => {
    expect(applySettings(scenario, { profile: 'intl', set: [] }).world.profile).toBe('intl')
  })

  test.each([
    ['patience', 'Expected `--set` to be key=value, got "patience"'],
    ['=3', 'Expected `--set` to be key=value, got "=3"'],
    ['pateince=3', 'did you mean patience?'],
    ['rejectCount=true', 'did you mean rejectsCount?'],
    ['events[0].factor=2', 'got "events[0].factor"; did you mean events.0.factor?'],
    ['event.0.factor=2', 'did you mean events.0.factor?'],
    ['events.0.account=2', 'Expected `--set` to change a known key, got "events.0.account"'],
    ['events.0.constructor.length=2', 'Expected `--set` to change a known key, got "events.0.constructor.length"'],
    ['events.length=2', 'Expected `--set` to change a known key, got "events.length"'],
    ['events.0.factor=much', 'Expected `--set events.0.factor` to be a number, got "much"'],
    [
      'events.1.factor=2',
      'Expected `--set events.1.factor` to change a number that a case of burst has, but no case has it',
    ],
    ['__proto__=1', 'Expected `--set` to change a known key, got "__proto__" (ratelab list --settings shows all keys)'],
    ['window=slidng', 'Expected `--set window` to be one of sliding, fixed, bucket, anchored, got "slidng"'],
    ['rejectsCount=maybe', 'Expected `--set rejectsCount` to be one of false, true, got "maybe"'],
    ['burstGrowth=-1', 'Expected `--set burstGrowth` to be > 1, got -1'],
    ['burstGrowth=NaN', 'Expected `--set burstGrowth` to be a finite number > 1, got "NaN"'],
    ['burstInterval=0.5', 'Expected `--set burstInterval` to be a whole number > 0 and <= 86400000, got 0.5'],
    ['patience=soon', 'Expected `--set patience` to be a number, got "soon"'],
    [
      'arrivals.perSecond=5',
      'Expected `--set arrivals.perSecond` to change a number that a case of burst has, but no case has it',
    ],
  ])('%s is refused: %s', (setting, message) => {
    expect(() => apply(setting)).toThrow(
      expect.objectContaining({ code: 'SETTING_INVALID', message: expect.stringContaining(message) }),
    )
  })
})

function titles(scenario: Scenario, ...set: string[]): string[] {
  const changed = applySettings(scenario, { set })
  return changed.cases.map((chosen) => titleOf(chosen, clientKnowledgeOf(changed, chosen)))
}

describe('a title', () => {
  test('has the figures of its case in place of the names in braces', () => {
    expect(titles(burst)).toEqual([
      '2,000 calls at once',
      '300 calls at once, where a minute bears 600 and a second 10',
      '2,000 calls at once, every limit tripled after one minute (solution 5)',
      '2,000 calls at once, only TPM tripled after one minute (the documented self-service)',
    ])
    expect(titles(steady)).toEqual([
      'Poisson arrivals at 55 % of the quota of requests (5.5 a second, 10 min)',
      'Poisson arrivals at 200 % of the quota of requests (20 a second, 10 min)',
    ])
    expect(titles(replay)).toEqual(['The recorded calls, at 1× their speed'])
  })

  test('has the figures that --set gives', () => {
    expect(titles(burst, 'arrivals.calls=500')[0]).toBe('500 calls at once')
    expect(titles(steady, 'arrivals.perSecond=7.25', 'arrivals.until=90000')[1]).toBe(
      'Poisson arrivals at 72.5 % of the quota of requests (7.25 a second, 1 min 30 s)',
    )
    expect(titles(replay, 'arrivals.speed=0.5')).toEqual(['The recorded calls, at 0.5× their speed'])
  })

  test('has the figures of tenants and of changes of limits', () => {
    expect(titles(busy)).toEqual(['3 of 4, limits × 0.5 after 1 s and each 9 s'])
    expect(titles(busy, 'tenants.1.share=2', 'events.0.at=2500')).toEqual([
      '2 of 4, limits × 0.5 after 2.5 s and each 9 s',
    ])
  })

  test('has the figures of the profile that --profile gives', () => {
    const beijing = applySettings(steady, { profile: 'cn-beijing', set: [] })
    const title = titleOf(beijing.cases[0]!, clientKnowledgeOf(beijing, beijing.cases[0]!))
    expect(title).toMatch(/at [\d.]+ % of the quota of tokens/)
  })

  test('names the load by the limit that it fills most, of requests or of tokens', () => {
    const long = [
      'arrivals.perSecond=3',
      'lengths.prompt.median=10000',
      'lengths.prompt.most=10000',
      'lengths.prompt.spread=0',
    ]
    const answers = ['lengths.output.median=200', 'lengths.output.spread=0']
    // A call has 10,200 tokens, so 3 a second have 1,836,000 a minute, of which the account bears 1,000,000.
    expect(titles(steady, ...long, ...answers)[0]).toContain('at 183.6 % of the quota of tokens (3 a second')
    expect(titles(steady, ...long, ...answers, 'maxTokens=100')[0]).toContain('at 181.8 % of the quota of tokens')
    expect(titles(steady, ...long, 'tokenCharge=reserve', 'maxTokens=5000')[0]).toContain(
      'at 270 % of the quota of tokens',
    )
    expect(titles(burst, ...long.slice(1), ...answers)[1]).toBe(
      '300 calls at once, where a minute bears 98 and a second 10',
    )
  })

  test.each(scenarioNames())('of %s has a key in braces for every number in it', async (name) => {
    const { cases } = (await import(scenarioFile(name))).default as Scenario
    for (const { title } of cases) expect(title.replace(/\{[^}]+\}|\(solution \d\)/g, '')).not.toMatch(/\d/)
    expect((await loadScenario(scenarioFile(name), { set: [] })).cases.map((c) => c.title).join()).not.toMatch(/[{}]/)
  })
})

describe('names that a title cannot have in braces', () => {
  const [batch] = burst.cases

  test.each([
    [
      '{arrivals.cals} calls',
      /^Expected `title` to have only these names in braces: patience, .*, got \{arrivals\.cals\}; did you mean arrivals\.calls\?$/,
    ],
    ['{arrivals.perSecond} a second', /got \{arrivals\.perSecond\}/],
    ['{quota.share} of the quota', /got \{quota\.share\}/],
    ['the quota of {quota.unit}', /got \{quota\.unit\}/],
    ['{events.0.at}', /got \{events\.0\.at\}$/],
    ['{}', /got \{\}$/],
    ['{toString}', /got \{toString\}/],
  ])('%s', (title, message) => {
    const problems = titleProblems('title', { ...batch, title }, burst.world)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(message)
  })

  test('are all reported, and a brace without its pair is allowed', () => {
    expect(titleProblems('title', { ...batch, title: '{a} and {b}' }, burst.world)).toHaveLength(2)
    expect(titleProblems('title', { ...batch, title: 'a } or a {' }, burst.world)).toEqual([])
  })

  test.each([null, 'a case', { title: 7 }])('are not reported when there is no title: %j', (chosen) => {
    expect(titleProblems('title', chosen, burst.world)).toEqual([])
  })
})
