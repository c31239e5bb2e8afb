import { describe, expect, test } from 'vitest'
import { type Bounds, expectNumber, numberProblem, OptionError, show } from '../../../src/core/expect.ts'

test.each<[unknown, Bounds, string]>([
  [-1, { above: 0 }, '> 0, got -1'],
  [0, { above: 0 }, '> 0, got 0'],
  [-0.5, { atLeast: 0 }, '>= 0, got -0.5'],
  [2, { atLeast: 0, atMost: 1 }, '>= 0 and <= 1, got 2'],
  [5, { above: 1, atMost: 4 }, '> 1 and <= 4, got 5'],
  [1.5, { whole: true }, 'a whole number, got 1.5'],
  [1.5, { above: 0, whole: true }, 'a whole number > 0, got 1.5'],
  [2 ** 53, { whole: true }, 'a whole number, got 9007199254740992'],
  [Number.NaN, {}, 'a finite number, got NaN'],
  [Infinity, { atLeast: 1 }, 'a finite number >= 1, got Infinity'],
  ['5', { above: 0 }, 'a finite number > 0, got "5"'],
  [undefined, { above: 0 }, 'a finite number > 0, got undefined'],
  [null, { whole: true }, 'a whole number, got null'],
  [5n, { whole: true }, 'a whole number, got 5'],
])('%o within %o has the problem that it is not %s', (value, bounds, wanted) => {
  const message = `Expected \`perSecond\` to be ${wanted}`
  expect(numberProblem('perSecond', value, bounds)).toBe(message)
  expect(() => expectNumber('perSecond', value, bounds)).toThrow(new OptionError(message))
})

test.each<[number, Bounds]>([
  [0.001, { above: 0 }],
  [0, { atLeast: 0 }],
  [1, { atMost: 1 }],
  [-3, { whole: true }],
  [2 ** 53 - 1, { above: 0, whole: true }],
  [-1e300, {}],
])('%o within %o has no problem', (value, bounds) => {
  expect(numberProblem('perSecond', value, bounds)).toBeUndefined()
  expect(() => expectNumber('perSecond', value, bounds)).not.toThrow()
})

describe('show', () => {
  test.each([
    ['a "word"', '"a \\"word\\""'],
    [-0.5, '-0.5'],
    [Number.NaN, 'NaN'],
    [true, 'true'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('x'), 'Symbol(x)'],
    [() => 1, 'a function'],
    [[1, 2], 'a list'],
    [{ a: 1 }, 'an object'],
    [Object.create(null), 'an object'],
  ])('quotes %o', (value, quoted) => {
    expect(show(value)).toBe(quoted)
  })
})

test('a long text is shown shortened', () => {
  expect(show('x'.repeat(200))).toBe(`"${'x'.repeat(200)}"`)
  expect(show('x'.repeat(1e6))).toBe(`"${'x'.repeat(200)}…"`)
})
