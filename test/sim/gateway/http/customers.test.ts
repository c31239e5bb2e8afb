import { describe, expect, test } from 'vitest'
import { customersOf } from '../../../../sim/gateway/http/customers.ts'

describe('the customers of a gateway', () => {
  test('are those of the list, by any of their keys', () => {
    const customers = customersOf([
      { name: 'ada', keys: ['sk-a1', 'sk-a2'] },
      { name: 'bob', keys: ['sk-b'] },
    ])
    const ada = { id: 'ada', name: 'ada' }
    expect(['sk-a1', 'sk-a2', 'sk-b'].map(customers)).toEqual([ada, ada, { id: 'bob', name: 'bob' }])
    expect(['sk-a', 'sk-a11', 'SK-A1', 'ada', '', 'sk-b '].map(customers)).toEqual(Array(6).fill(undefined))
  })

  test('are all who have a key when there is no list; records show no whole key', () => {
    expect(customersOf(undefined)('sk-1234567890abcdef')).toEqual({ id: 'sk-1234567890abcdef', name: 'sk-1234…cdef' })
  })

  test('are shown without the key that stands in the place of a name', () => {
    const key = 'sk-1234567890abcdef'
    expect(customersOf([{ name: key, keys: [key] }])(key)).toMatchObject({ name: 'sk-1234…cdef' })
  })

  test('are nobody when the list is empty', () => {
    expect(customersOf([])('sk-a')).toBeUndefined()
  })

  test.each([
    [[{ name: 'ada', keys: ['sk-secret\n'] }], /`customers ada` to be visible ASCII/],
    [[{ name: 'ada', keys: ['sk-sécret'] }], /visible ASCII/],
    [[{ name: 'ada', keys: [''] }], /visible ASCII/],
    [
      [
        { name: 'ada', keys: ['sk-secret'] },
        { name: 'bob', keys: ['sk-secret'] },
      ],
      /to belong to one customer, got one twice, of bob/,
    ],
  ])('have right keys, and an error quotes none: %#', (listed, message) => {
    expect(() => customersOf(listed)).toThrow(message)
    expect(() => customersOf(listed)).not.toThrow(/sk-s/)
  })
})
