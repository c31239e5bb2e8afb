import { describe, expect, test } from 'vitest'
import { entrant, strategiesFor, strategyNamed, strategyNames } from '../../lab/catalogue.ts'
import { type ClientKnowledge, callsPerSecond, knowledgeOfOneAccount, targetOf } from '../../lab/client-knowledge.ts'
import burst from '../../scenarios/burst.ts'
import { profiles } from '../../sim/profiles/profiles.ts'
import type { World } from '../../src/scenario/world.ts'
import * as strategies from '../../src/strategies.ts'

const world: World = burst.world
const known: ClientKnowledge = { world, profile: profiles.article!, model: 'qwen3-max' }

describe('the catalogue', () => {
  test.each(strategyNames)('%s is introduced by what it is', (id) => {
    const { contestant, strategy, quotas: channels } = entrant(id, known)
    expect(contestant.id).toBe(id)
    expect(contestant.label).toBe(strategy.name)
    expect(contestant.about).toMatch(/^[A-Z].*\.$/)
    expect(channels.length).toBeGreaterThan(0)
    for (const { limits } of channels) expect(limits.length).toBeGreaterThan(0)
  })

  test('has an entry that uses each strategy there is', () => {
    const used = strategyNames.flatMap((id) => entrant(id, known).strategy.name.split(' + '))
    const factories = new Set(used.map((name) => name.replace(/\(.*/, '')))
    expect(Object.keys(strategies).filter((factory) => !factories.has(factory))).toEqual([])
  })

  test('has the article’s solutions 1 to 4; solution 5 is an event of the world', () => {
    const solutions = strategyNames.map((id) => entrant(id, known).contestant.solution).filter((n) => n !== undefined)
    expect([...new Set(solutions)].sort()).toEqual([1, 2, 3, 4])
  })

  test('warns of the provider’s terms wherever accounts are rotated or quota is pooled', () => {
    for (const id of strategyNames) {
      const { terms } = entrant(id, known).contestant
      expect(terms !== undefined, id).toBe(/rotation|proxy/.test(id))
    }
  })

  test('names the quota that a strategy uses', () => {
    const channelsOf = (id: string) => entrant(id, known).quotas.length
    expect(channelsOf('none')).toBe(1)
    expect(channelsOf('article-rotation')).toBe(1)
    expect(channelsOf('article-rotation-accounts')).toBe(3)
    expect(channelsOf('article-fallback')).toBe(3)
    expect(channelsOf('article-proxy')).toBe(5)
  })

  test('takes rates from the documented limits', () => {
    expect(callsPerSecond(known)).toBe(10)
    expect(callsPerSecond({ ...known, profile: profiles['cn-beijing']! })).toBe(500)
    expect(targetOf(known)).toEqual({ endpoint: 'dashscope', key: 'sk-main-1', model: 'qwen3-max' })
  })

  test.each([
    ['rotation', 'two accounts or more outside its gateways'],
    ['article-proxy', 'a gateway for the proxy strategy'],
  ])('names what the world lacks for %s', (id, message) => {
    const bare = { ...known, world: { profile: 'article', accounts: [{ name: 'only', keys: ['sk'] }] } }
    expect(() => entrant(id, bare)).toThrow(message)
  })

  test('knows which entries a world of one account can carry out', () => {
    const one = knowledgeOfOneAccount('article', 'qwen3-max', ['sk'])
    const more = ['article-rotation-accounts', 'article-proxy', 'rotation']
    expect(strategiesFor(one)).toEqual(strategyNames.filter((id) => !more.includes(id)))
    expect(strategiesFor(known)).toEqual(strategyNames)
    expect(targetOf(one).key).toBe('sk')
  })

  test.each(['hope', 'constructor', ''])('has no entry named %o, and says which it has', (id) => {
    expect(() => strategyNamed(id, known)).toThrow(`Expected a strategy (${strategyNames.join(', ')}), got "${id}"`)
  })

  test('says which models a profile has', () => {
    const message = 'got "qwen3-maxx"; did you mean qwen3-max?'
    expect(() => knowledgeOfOneAccount('article', 'qwen3-maxx', ['sk'])).toThrow(message)
  })
})
