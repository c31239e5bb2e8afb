import { describe, expect, expectTypeOf, test } from 'vitest'
import { oneOf } from '../../../src/checks/shape.ts'
import { type Limit, monthLong, rules, weekLong } from '../../../src/core/limit.ts'
import {
  type AccountSpec,
  accountsShape,
  anyReference,
  keyText,
  limitsByModel,
  limitsShape,
  type WorkspaceSpec,
} from '../../../src/scenario/accounts.ts'

test('the types are those of the shapes', () => {
  expectTypeOf<WorkspaceSpec>().toEqualTypeOf<{
    readonly name: string
    readonly keys: readonly string[]
    readonly limits: Readonly<Record<string, readonly Limit[]>>
  }>()
  expectTypeOf<AccountSpec>().toEqualTypeOf<{
    readonly name: string
    readonly keys: readonly string[]
    readonly freeTokens?: number
    readonly stopWhenFreeIsUsed?: boolean
    readonly payable?: boolean
    readonly arrears?: boolean
    readonly workspaces?: readonly WorkspaceSpec[]
  }>()
})

describe('limits', () => {
  test('may have every rule that a limit has, and no other', () => {
    const isAccepted = (rule: string, window: number) =>
      limitsShape('limits', [{ rule, limit: 1, window }]).length === 0
    const free = ['rps', 'rpm', 'tps', 'tpm', 'plan-hour']
    expect(rules.filter((rule) => isAccepted(rule, 1))).toEqual(free)
    expect(rules.filter((rule) => isAccepted(rule, weekLong))).toEqual([...free, 'plan-week'])
    expect(rules.filter((rule) => isAccepted(rule, monthLong))).toEqual([...free, 'plan-month'])
  })

  test('of a week and of a month of the calendar have one window each', () => {
    const limits = [
      { rule: 'plan-week', limit: 1, window: 5 },
      { rule: 'plan-month', limit: 1, window: weekLong },
    ]
    expect(limitsShape('limits', limits)).toEqual([
      'Expected `limits[0].window` to be 604800000, the window of plan-week, got 5',
      'Expected `limits[1].window` to be 2678400000, the window of plan-month, got 604800000',
    ])
  })

  test('may not speak of one window twice', () => {
    const limit = { rule: 'rpm', limit: 1, window: 60_000 }
    expect(limitsShape('limits', [limit, { ...limit, window: 1 }, { ...limit, limit: 2 }])).toEqual([
      'Expected `limits[2]` to differ from `limits[0]`, got "rpm in 60000 ms" twice',
    ])
    // What is no limit is told once.
    expect(limitsShape('limits', [{}, {}])).toHaveLength(6)
  })

  test('by model have their models checked', () => {
    expect(limitsByModel(oneOf(['m', 'n']))('limits', { m: [], o: [] })).toEqual([
      'Expected `limits` to be one of m, n, got "o"',
    ])
  })
})

test.each([
  ['sk-1', []],
  ['', ['Expected `key` to be visible ASCII without spaces, as a header carries it, got an empty text']],
  ['sk 1', ['Expected `key` to be visible ASCII without spaces, as a header carries it, got something else']],
  ['ключ', ['Expected `key` to be visible ASCII without spaces, as a header carries it, got something else']],
  [7, ['Expected `key` to be visible ASCII without spaces, as a header carries it, got a number']],
])('the key %j is never quoted', (key, problems) => {
  expect(keyText('key', key)).toEqual(problems)
})

test('there is at least one account', () => {
  expect(accountsShape(anyReference)('accounts', [])).toEqual([
    'Expected `accounts` to have at least one item, got none',
  ])
})
