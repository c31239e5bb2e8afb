import { describe, expect, expectTypeOf, test } from 'vitest'
import type { ErrorName } from '../../../../sim/errors/error-table.ts'
import type { FaultAction } from '../../../../sim/wire/handling/fault-action.ts'
import { type FaultSpec, faultsShape } from '../../../../sim/wire/handling/fault-spec.ts'
import type { WireSwitches } from '../../../../sim/wire/wire-switches.ts'
import { oneOf } from '../../../../src/checks/shape.ts'
import { anyReference } from '../../../../src/scenario/accounts.ts'

test('the types are those of the shapes', () => {
  expectTypeOf<FaultSpec>().toEqualTypeOf<{
    readonly match?: {
      readonly model?: string
      readonly account?: string
      readonly protocol?: string
      readonly path?: string
      readonly stream?: boolean
    }
    readonly when: 'always' | { readonly first: number } | { readonly every: number } | { readonly probability: number }
    readonly do: FaultAction
  }>()
  expectTypeOf<FaultAction>().toEqualTypeOf<{
    readonly delay?: number
    readonly error?: ErrorName
    readonly placement?: WireSwitches['errorPlacement']
    readonly shape?: WireSwitches['errorShape']
    readonly break?: 'before' | 'mid-body'
    readonly after?: number
    readonly capacity?: true
  }>()
})

describe('what an action’s fields require of each other', () => {
  const problemsOf = (action: object) => faultsShape(anyReference)('faults', [{ when: 'always', do: action }])

  test.each<[object, string]>([
    [{}, 'do` to have one of delay, error, break and capacity, got none'],
    [{ error: 'tokens', break: 'before' }, 'do` to have one of error, break and capacity, got error and break'],
    [{ break: 'before', after: 1 }, 'do.after` to come with `break`: "mid-body", got it without'],
    [{ delay: 1, placement: 'http' }, 'do.placement` to come with an error, got it without'],
    [
      { error: 'tokens', placement: 'http', shape: 'own' },
      'do.shape` to come with `placement`: "first-frame" or "mid-stream", got it without',
    ],
    [{ capacity: false }, 'do.capacity` to be true or absent, got false'],
    [{ break: 'mid-body', after: 1.5 }, 'do.after` to be a share between 0 and 1 or a whole number of frames, got 1.5'],
  ])('%j is one problem', (action, problem) => {
    expect(problemsOf(action)).toEqual([`Expected \`faults[0].${problem}`])
  })

  test.each<object>([
    { delay: 1 },
    { delay: 1, error: 'tokens' },
    { error: 'tokens', placement: 'first-frame', shape: 'own' },
    { capacity: true, placement: 'mid-stream' },
    { break: 'mid-body', after: 0.999 },
    { break: 'mid-body', after: 3 },
  ])('%j is right', (action) => {
    expect(problemsOf(action)).toEqual([])
  })
})

test('names are checked against those that there are', () => {
  const shape = faultsShape({ account: oneOf(['main']), model: oneOf(['m']) })
  expect(shape('faults', [{ match: { account: 'mian', model: 'm' }, when: 'always', do: { delay: 1 } }])).toEqual([
    'Expected `faults[0].match.account` to be one of main, got "mian"; did you mean main?',
  ])
})

/** An object that has itself as a field. */
const cyclic: Record<string, unknown> = {}
cyclic.a = cyclic

test.each([
  ['no fields', {}, '{}'],
  ['a field of the wrong name', { frist: 2 }, '{"frist":2}'],
  ['many fields', { a: 1, b: [], c: 'c', d: 4 }, '{"a":1,"b":a list,"c":"c",…}'],
  ['itself within', cyclic, '{"a":an object}'],
  ['a number that JSON does not have', { first: 1, n: 2n }, '{"first":1,"n":2}'],
  ['a method of its own for JSON', { toJSON: () => undefined }, '{"toJSON":a function}'],
])('a time with %s is quoted', (_, when, quoted) => {
  const [problem] = faultsShape(anyReference)('faults', [{ when, do: { delay: 1 } }])
  expect(problem).toMatch(/^Expected `faults\[0\]\.when` to be "always", /)
  expect(problem!.endsWith(`, got ${quoted}`)).toBe(true)
})
