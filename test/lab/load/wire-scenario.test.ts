import { describe, expect, test } from 'vitest'
import { clientKnowledgeOf, toldLimits } from '../../../lab/catalogue/client-knowledge.ts'
import { inOrder, partialResult } from '../../../lab/load/partial-result.ts'
import { wireScenario } from '../../../lab/load/wire-scenario.ts'
import burst from '../../../scenarios/burst.ts'
import type { Cell } from '../../../src/compare/raw-result.ts'
import { resultOf } from '../result-of.ts'
import { few, small } from '../small-study.ts'

describe('a scenario over the wire', () => {
  const other = { account: 'main', model: small.model, maxTokens: 100 }
  const calls = { arrivals: { kind: 'at-once', calls: 5 }, lengths: { kind: 'fixed', prompt: 10, output: 10 } } as const
  const background = [{ ...other, ...calls }]

  test('has an account for each key, with one key that is not the user’s, and no gateway', () => {
    const { scenario } = wireScenario(burst, 2, undefined, true)
    expect(scenario.world.accounts).toEqual([
      { name: 'main', keys: ['sk-main-1'] },
      { name: 'second', keys: ['sk-second'] },
    ])
    expect(scenario.world.gateways).toBeUndefined()
    expect(scenario.world.profile).toBe('article')
  })

  test('leaves out cases whose limits change, and strategies that need what is not there, and names them', () => {
    const { scenario, leftOut } = wireScenario(burst, 1, undefined, true)
    expect(scenario.cases.map(({ name }) => name)).toEqual(['batch', 'within-the-minute'])
    expect(leftOut.slice(0, 2).map((text) => text.split(' is ')[0])).toEqual([
      'The case raised',
      'The case raised-tokens',
    ])
    for (const name of ['rotation', 'article-proxy']) {
      expect(scenario.strategies).not.toContain(name)
      expect(leftOut[2]).toContain(name)
    }
    expect(wireScenario(burst, 2, undefined, true).scenario.strategies).toContain('rotation')
    expect(wireScenario(burst, 1, undefined, false).scenario.strategies).toEqual(burst.strategies)
  })

  test('leaves out cases that others disturb, or that have limits of their own', () => {
    const { accounts } = small.world
    const others = { ...small, cases: [few, { ...few, name: 'shared', world: { background } }] }
    const own = { ...small, cases: [few, { ...few, name: 'limited', world: { accounts, limits: 'rpm:1' } }] }
    for (const [scenario, reason] of [
      [others, 'The case shared is left out: others use its accounts'],
      [own, 'The case limited is left out: it has limits of its own'],
    ] as const) {
      const wire = wireScenario(scenario, 1, undefined, true)
      expect(wire.scenario.cases).toEqual([few])
      expect(wire.leftOut.join()).toContain(reason)
    }
  })

  test('has nothing of the world that its cases replace', () => {
    const events = [{ at: 1, account: 'main', model: small.model, factor: 2 }]
    const calm = { ...few, world: { events: [], background: [] } }
    const { scenario } = wireScenario(
      { ...small, world: { ...small.world, events, background }, cases: [calm] },
      1,
      undefined,
      true,
    )
    expect(clientKnowledgeOf(scenario, scenario.cases[0]!).world).not.toHaveProperty('events')
    expect(clientKnowledgeOf(scenario, scenario.cases[0]!).world).not.toHaveProperty('background')
  })

  test.each([
    ['the profile', {}, {}],
    ['the scenario', { limits: 'rpm:9' }, {}],
    ['the case', {}, { limits: 'rpm:9' }],
  ])('has the stated limits in place of those of %s', (_, world, ofCase) => {
    const limits = [{ rule: 'rpm', limit: 7, window: 60_000 }] as const
    const given = { ...small, world: { ...small.world, ...world }, cases: [{ ...few, world: ofCase }] }
    const { scenario } = wireScenario(given, 1, limits, true)
    expect(toldLimits(clientKnowledgeOf(scenario, scenario.cases[0]!))).toEqual(limits)
  })

  test('is refused with more keys than accounts, or when nothing is left', () => {
    expect(() => wireScenario(burst, 9, undefined, true)).toThrow(/at most 8 keys/)
    expect(() => wireScenario({ ...burst, strategies: ['rotation'], cases: [few] }, 1, undefined, true)).toThrow(
      /each of its strategies needs more accounts/,
    )
    const events = [{ at: 1, account: 'main', model: burst.model, factor: 2 }]
    expect(() => wireScenario({ ...small, world: { ...small.world, events } }, 1, undefined, true)).toThrow(
      /its limits change/,
    )
  })
})

describe('the result of a load that was stopped', () => {
  const cases = [few, { ...few, name: 'other', baseline: 'batch' }]
  const seedBySeed = async () => {
    const { study, cells } = await resultOf({ ...small, strategies: ['none', 'queue'], cases }, { seeds: [3, 4] })
    const ordered = study.seeds.flatMap((seed) => cells.filter((cell) => cell.seed === seed))
    return { study, cells, ordered }
  }
  const namesOf = (cells: readonly Cell[] = []) =>
    cells.map(({ case: name, seed, strategy }) => [name, seed, strategy].join(' '))

  test('is whole when every run has ended', async () => {
    const { study, cells, ordered } = await seedBySeed()
    expect(partialResult(study, ordered)).toEqual({ study, cells })
    expect(inOrder(study, ordered).cells).toEqual(cells)
  })

  test('has the complete seeds, if there is one', async () => {
    const { study, ordered } = await seedBySeed()
    for (const length of [4, 5, 7]) {
      const part = partialResult(study, ordered.slice(0, length))
      expect(part?.study.seeds).toEqual([3])
      expect(namesOf(part?.cells)).toEqual(['batch 3 none', 'batch 3 queue', 'other 3 none', 'other 3 queue'])
    }
  })

  test('has else what has run on the first seed, and no baseline that has not', async () => {
    const { study, ordered } = await seedBySeed()
    const part = partialResult(study, ordered.slice(0, 3))
    expect(namesOf(part?.cells)).toEqual(['batch 3 none', 'batch 3 queue', 'other 3 none'])
    expect(part?.study.cases.map(({ contestants }) => contestants.length)).toEqual([2, 1])
    expect(part?.study.cases[1]?.baseline).toBe('batch')
    expect(partialResult(study, ordered.slice(2, 4))?.study.cases[0]?.baseline).toBeUndefined()
    expect(partialResult(study, [])).toBeUndefined()
  })
})
