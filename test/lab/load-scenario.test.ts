import { describe, expect, test } from 'vitest'
import { problemsOf } from '../../lab/load-scenario.ts'
import burst from '../../scenarios/burst.ts'

const [batch, , raised] = burst.cases
const problems = (changes: object) => problemsOf({ ...burst, ...changes })

describe('every problem of a scenario is told at once', () => {
  test('there are none in burst', () => expect(problemsOf(burst)).toEqual([]))

  test('those of its fields, its worlds and its titles', () => {
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

  test('what is wrong with the scenario’s own world once, whatever its cases change', () => {
    const { accounts: _, ...rest } = burst.world
    expect(problems({ world: { ...burst.world, profile: 'nope' }, cases: [batch, raised] })).toHaveLength(1)
    expect(problems({ world: { ...rest, accounts: [] } })).toContainEqual(expect.stringContaining('`world.accounts`'))
  })

  test('a world that every case mends is not judged alone', () => {
    const { accounts, ...rest } = burst.world
    expect(problems({ world: rest, cases: [{ ...batch, world: { accounts } }] })).toEqual([])
    expect(problems({ world: rest, cases: [{ ...batch, world: { acounts: accounts } }] }).join()).toMatch(
      /acounts.*did you mean accounts[\s\S]*`cases\[0\]\.world\.accounts` to be a list, got undefined/,
    )
  })

  test('a model that is none is told once, and one that the profile lacks too', () => {
    expect(problems({ model: 7 })).toEqual(['Expected `model` to be a text that is not empty, got 7'])
    expect(problems({ model: 'qwen4' })).toEqual([expect.stringMatching(/^Expected `model` to be one of /)])
  })

  test.each([null, undefined, 7, 'burst', [], {}, { world: {} }, { world: { accounts: 7 }, cases: [null, 7, {}] }])(
    'anything can be judged: %j',
    (value) => {
      const found = problemsOf(value)
      expect(found.length).toBeGreaterThan(0)
      expect(new Set(found).size).toBe(found.length)
    },
  )
})
