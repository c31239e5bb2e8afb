import { describe, expect, onTestFinished, test } from 'vitest'
import { okReply, throttleAlways, throttledReply } from '../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../contracts/strategy-rig.ts'
import { entryNamed, strategyNames } from '../../../lab/catalogue/catalogue.ts'
import {
  type ClientKnowledge,
  callsPerSecond,
  knowledgeOfOneAccount,
  targetOf,
  tokensPerMinute,
} from '../../../lab/catalogue/client-knowledge.ts'
import { portableEntries, portableFor } from '../../../lab/catalogue/portable-entries.ts'
import { resolveStrategy } from '../../../lab/contestants.ts'
import { hostGuests } from '../../../lab/guests/guest-time.ts'
import burst from '../../../scenarios/burst.ts'
import { profiles } from '../../../sim/profiles/profiles.ts'
import type { World } from '../../../src/scenario/world.ts'
import * as strategies from '../../../src/strategies.ts'

const world: World = burst.world
const knowledge: ClientKnowledge = { world, profile: profiles.article!, model: 'qwen3-max' }

describe('the catalogue', () => {
  test.each(strategyNames)('%s has a label, a sentence about it and a quota', (id) => {
    const { contestant, strategy, draws } = resolveStrategy(id, knowledge)
    expect(contestant.id).toBe(id)
    expect(contestant.label).toBe(strategy.name)
    expect(contestant.about).toMatch(/^[A-Z].*\.$/)
    expect(draws.length).toBeGreaterThan(0)
    expect(contestant.limits.length > 0).toBe(!draws.some(({ beyondLimits }) => beyondLimits))
  })

  test('has an entry for every strategy of `src/strategies`', () => {
    const used = strategyNames.flatMap((id) => resolveStrategy(id, knowledge).strategy.name.split(' + '))
    const factories = new Set(used.map((name) => name.replace(/\(.*/, '')))
    expect(Object.keys(strategies).filter((factory) => !factories.has(factory))).toEqual([])
  })

  test('has the article’s solutions 1 to 4; solution 5 is an event of the world', () => {
    const solutions = strategyNames
      .map((id) => resolveStrategy(id, knowledge).contestant.solution)
      .filter((n) => n !== undefined)
    expect([...new Set(solutions)].sort()).toEqual([1, 2, 3, 4])
  })

  test.each([
    ['backoff', 15, 5],
    ['queue', 3, 1],
    ['rotation', 3, 1],
    ['rotation-accounts', 3, 1],
    ['fallback', 9, 3],
    ['proxy', 9, 3],
  ])(
    'has article-%s over the SDK, whose two retries make it %i attempts, and bare with %i',
    async (end, overSdk, bare) => {
      for (const [id, attempts] of [
        [`article-${end}`, overSdk],
        [`bare-${end}`, bare],
      ] as const) {
        const rig = strategyRig({ strategy: resolveStrategy(id, knowledge).strategy, script: throttleAlways })
        await rig.run(callsAtOnce(1))
        expect(rig.attempts, id).toHaveLength(attempts)
      }
    },
  )

  test.each(strategyNames)('%s settles every call, whatever wait the provider advises', async (id) => {
    const release = hostGuests()
    onTestFinished(release)
    for (const advice of [Number.NaN, Infinity, -5, 0.5, 1e300]) {
      const rig = strategyRig({
        strategy: resolveStrategy(id, knowledge).strategy,
        script: (call, n) => (n === 0 && call.id % 3 > 0 ? throttledReply('requests', advice) : okReply()),
        serviceTime: 50,
      })
      // Some calls come while others wait, and some when nothing is under way.
      const calls = Array.from({ length: 12 }, (_, id) => ({
        at: 30 * id,
        call: exampleCall(id, { deadline: 60_000 }),
      }))
      const settled = await rig.run(calls)
      expect(settled.filter(({ error }) => error !== undefined)).toEqual([])
    }
  })

  test('warns of the provider’s terms in every entry that rotates accounts or pools quota, and in no other', () => {
    for (const id of strategyNames) {
      const { terms } = resolveStrategy(id, knowledge).contestant
      expect(terms !== undefined, id).toBe(/rotation|proxy/.test(id))
    }
  })

  test('gives every quota that a strategy uses', () => {
    const quotaCount = (id: string) => resolveStrategy(id, knowledge).draws.length
    expect(quotaCount('none')).toBe(1)
    expect(quotaCount('article-rotation')).toBe(1)
    expect(quotaCount('article-rotation-accounts')).toBe(3)
    expect(quotaCount('article-fallback')).toBe(3)
    expect(quotaCount('article-proxy')).toBe(5)
  })

  test('derives rates and the target of calls from what a client knows', () => {
    expect(callsPerSecond(knowledge)).toBe(10)
    expect(tokensPerMinute(knowledge)).toBe(1_000_000)
    expect(callsPerSecond({ ...knowledge, profile: profiles['cn-beijing']! })).toBe(500)
    expect(targetOf(knowledge)).toEqual({ endpoint: 'dashscope', key: 'sk-main-1', model: 'qwen3-max' })
  })

  test.each([
    ['rotation', 'two accounts or more outside its gateways'],
    ['article-proxy', 'a gateway for the proxy strategy'],
  ])('an error says what %s needs when the world does not have it', (id, message) => {
    const bare = { ...knowledge, world: { profile: 'article', accounts: [{ name: 'only', keys: ['sk'] }] } }
    expect(() => resolveStrategy(id, bare)).toThrow(message)
  })

  test('lists the entries that can run in a world of one account', () => {
    const one = knowledgeOfOneAccount('article', 'qwen3-max', ['sk'])
    const several = ['rotation-accounts', 'proxy'].flatMap((end) => [`article-${end}`, `bare-${end}`])
    const excluded = [...several, 'rotation', 'rotation-cooldown', 'rotation-quota']
    const portable = Object.keys(portableEntries).filter((id) => id !== 'batch-lane')
    expect(portableFor(one)).toEqual(portable.filter((id) => !excluded.includes(id)))
    expect(portableFor(knowledge)).toEqual(portable)
    expect(targetOf(one).key).toBe('sk')
  })

  test.each(['hope', 'constructor', ''])('an error for the unknown name %o lists the names that exist', (id) => {
    expect(() => entryNamed(id)).toThrow(`Expected a strategy (${strategyNames.join(', ')}), got "${id}"`)
  })

  test('an error for an unknown model suggests the nearest model of the profile', () => {
    const message = 'got "qwen3-maxx"; did you mean qwen3-max?'
    expect(() => knowledgeOfOneAccount('article', 'qwen3-maxx', ['sk'])).toThrow(message)
  })
})
