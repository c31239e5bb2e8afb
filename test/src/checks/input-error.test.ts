import { describe, expect, test } from 'vitest'
import { InputError, inputErrorOf, problemsIn } from '../../../src/checks/input-error.ts'

describe('a user’s mistake', () => {
  test('of one problem is its sentence', () => {
    const error = inputErrorOf(['Expected a name, got none'])
    expect(error).toMatchObject({ message: 'Expected a name, got none', code: 'INPUT_INVALID', name: 'InputError' })
    expect(problemsIn(error)).toEqual(['Expected a name, got none'])
  })

  test('of several problems is a list, which can become part of a longer one', () => {
    const error = inputErrorOf(['one', 'two:\n  detail'])
    expect(error.message).toBe('2 problems:\n  one\n  two:\n    detail')
    expect(inputErrorOf(['zero', ...problemsIn(error)]).message).toBe('3 problems:\n  zero\n  one\n  two:\n    detail')
  })

  test('of very many problems is a list of the first', () => {
    const error = inputErrorOf(Array.from({ length: 85_000 }, (_, i) => `wrong ${i}`))
    expect(error.message.split('\n')).toHaveLength(22)
    expect(error.message).toMatch(/^more than 20 problems:\n {2}wrong 0\n.*\n {2}and at least 84,980 more$/s)
  })

  test('is all that has problems: any other error goes on', () => {
    const fault = new TypeError('a fault of ours')
    expect(() => problemsIn(fault)).toThrow(fault)
    expect(problemsIn(new InputError('wrong'))).toEqual(['wrong'])
  })
})
