import { describe, expect, test } from 'vitest'
import type { ClientKnowledge } from '../../lab/catalogue/client-knowledge.ts'
import { quotaOf, resolveStrategy } from '../../lab/contestants.ts'
import burst from '../../scenarios/burst.ts'
import { profiles } from '../../sim/profiles/profiles.ts'
import { stack } from '../../src/core/strategy.ts'
import { pooledLimits } from '../../src/optimum/quota.ts'

const knowledge: ClientKnowledge = { world: burst.world, profile: profiles.article!, model: 'qwen3-max' }
const own = { ...stack(), name: 'mine' }

describe('a strategy that is not from the catalogue', () => {
  test('is introduced by its name, and uses the first account and the scenario’s model', () => {
    const { contestant, strategy, draws } = resolveStrategy(own, knowledge)
    const about = 'A strategy that is not from the catalogue.'
    const limits = pooledLimits([quotaOf(knowledge, burst.world.accounts[0]!.name, 'qwen3-max')], 'sliding')
    expect(contestant).toEqual({ id: 'mine', label: 'mine', about, quotaText: '1 account', limits })
    expect(strategy).toBe(own)
    expect(draws).toEqual([{ account: burst.world.accounts[0]!.name, model: 'qwen3-max' }])
  })

  test.each([
    [{ accounts: ['main', 'second'] }, '2 accounts', 2],
    [{ models: ['qwen3-max', 'qwen-plus', 'qwen-turbo'] }, '1 account, 3 models', 3],
    [{ accounts: ['main', 'second'], models: ['qwen3-max', 'qwen-plus'] }, '2 accounts, 2 models', 4],
  ])('that names %o uses the quota of each account for each model', (use, text, count) => {
    const { contestant, draws } = resolveStrategy({ ...own, ...use }, knowledge)
    expect(contestant.quotaText).toBe(text)
    expect(draws).toHaveLength(count)
  })
})

test('a quota has the changes of its own account and model, and of no other', () => {
  const events = [
    { at: 1000, account: 'main', model: 'qwen3-max', factor: 3 },
    { at: 2000, account: 'main', model: 'qwen-plus', factor: 2 },
    { at: 3000, account: 'second', model: 'qwen3-max', factor: 4 },
  ]
  const changed = quotaOf({ ...knowledge, world: { ...burst.world, events } }, 'main', 'qwen3-max')
  expect(changed.changes).toEqual([events[0]])
  expect(changed.limits).toEqual(profiles.article!.models['qwen3-max']!.limits)
})
