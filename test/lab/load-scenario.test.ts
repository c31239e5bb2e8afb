import { describe, expect, test } from 'vitest'
import { problemsOf } from '../../lab/load-scenario.ts'
import burst from '../../scenarios/burst.ts'

const [batch, , raised] = burst.cases
const problems = (changes: object) => problemsOf({ ...burst, ...changes })

describe('every problem of a scenario is reported at once', () => {
  test('burst has no problem', () => expect(problemsOf(burst)).toEqual([]))

  test('problems of fields, worlds and titles are in one list', () => {
    const found = problems({
      title: '',
      world: {
        ...burst.world,
        profile: 'artikel',
        events: [{ at: -1, account: 'main', model: 'qwen3-max', factor: 1 }],
      },
      strategies: ['nun'],
      cases: [
        { ...batch, patience: -1 },
        { ...batch, name: 'other', title: '{nothing}' },
        { ...batch, name: 'third', world: { accounts: [{ name: 'main', keys: [] }] } },
      ],
    })
    for (const [path, times] of [
      ['title', 1],
      ['world.profile', 1],
      ['world.events[0].at', 1],
      ['strategies[0]', 1],
      ['cases[0].patience', 1],
      ['cases[1].title', 1],
      ['cases[2].world.accounts[0].keys', 1],
    ] as const)
      expect(
        found.filter((problem) => problem.startsWith(`Expected \`${path}\` `)),
        path,
      ).toHaveLength(times)
  })

  test('a problem of the scenario’s own world is reported once, even when cases change the world', () => {
    expect(problems({ world: { ...burst.world, profile: 'nope' }, cases: [batch, raised] })).toHaveLength(1)
    expect(problems({ world: { ...burst.world, accounts: [] } })).toContainEqual(
      expect.stringContaining('`world.accounts`'),
    )
  })

  test('a wrong part of the scenario’s world is not reported when every case replaces it', () => {
    const { accounts, ...worldWithoutAccounts } = burst.world
    expect(problems({ world: worldWithoutAccounts, cases: [{ ...batch, world: { accounts } }] })).toEqual([])
    expect(
      problems({ world: worldWithoutAccounts, cases: [{ ...batch, world: { acounts: accounts } }] }).join(),
    ).toMatch(/acounts.*did you mean accounts[\s\S]*`cases\[0\]\.world\.accounts` to be a list, got undefined/)
  })

  test('a model that is not a text, or that the profile does not have, is reported once', () => {
    expect(problems({ model: 7 })).toEqual(['Expected `model` to be a text that is not empty, got 7'])
    expect(problems({ model: 'qwen4' })).toEqual([expect.stringMatching(/^Expected `model` to be one of /)])
  })

  test.each([null, undefined, 7, 'burst', [], {}, { world: {} }, { world: { accounts: 7 }, cases: [null, 7, {}] }])(
    'a value of any type has problems, each reported once: %j',
    (value) => {
      const found = problemsOf(value)
      expect(found.length).toBeGreaterThan(0)
      expect(new Set(found).size).toBe(found.length)
    },
  )
})
