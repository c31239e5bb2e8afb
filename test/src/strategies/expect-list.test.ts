import { expect, test } from 'vitest'
import { expectList } from '../../../src/strategies/expect-list.ts'

test('copies the list, so that later changes to it change nothing', () => {
  const keys = ['a', 'b']
  const checked = expectList('keys', keys)
  keys.push('c')
  expect(checked).toEqual(['a', 'b'])
})

test.each([
  [[], 'an empty list'],
  [['secret', ''], 'a list with something else in it'],
  [['secret', 7], 'a list with something else in it'],
  ['secret'.length, '6'],
  [undefined, 'undefined'],
])('%j is refused, without quoting a key', (value, got) => {
  expect(() => expectList('keys', value as string[])).toThrow(
    `Expected \`keys\` to be a list of one or more non-empty strings, got ${got}`,
  )
})
