import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { redactedKey, withoutKeys } from '../../../src/core/redaction.ts'

const keyText = fc.string({ unit: fc.constantFrom(...'abcdefghijkxyzABC0123456789_-'), minLength: 5, maxLength: 60 })

describe('a text without keys', () => {
  test.each([
    ['a key sk-0123456789abcdef in a text', 'a key sk-0123…cdef in a text'],
    ['"sk-secret"', '"sk-se…"'],
    ['keys=[sk-first1,sk-second2]', 'keys=[sk-fi…,sk-se…]'],
    ['sk-ws-H.ABCD.efgh0123456789. The end.', 'sk-ws-H…6789. The end.'],
    ['https://user:hunter2@example.com/v1', 'https://user:…@example.com/v1'],
    ['https://user:p@ss:w@rd@example.com/v1', 'https://user:…@example.com/v1'],
    ['["http://a:1","http://b:pass@c"]', '["http://a:1","http://b:…@c"]'],
    ['/v1/a%20sk-secret0123456789abcdef', '/v1/a%20sk-secr…cdef'],
    ['/v1/models?api_key=hunter2&limit=5', '/v1/models?api_key=…&limit=5'],
    ['Authorization: Bearer eyJhbGciOi.J9', 'Authorization: Bearer …'],
  ])('of %j', (text, shown) => {
    expect(withoutKeys(text)).toBe(shown)
    expect(withoutKeys(shown)).toBe(shown)
  })

  test.each([
    'a task-force on the disk-full desk-1',
    'Expected `keys[0]` to be a key such as sk-…',
    'send the token: Authorization: Bearer …',
    'https://example.com/a?limit=5#key=1',
    'http://[::1]:8420/v1',
  ])('is the same for %j', (text) => {
    expect(withoutKeys(text)).toBe(text)
  })

  test.prop([
    keyText,
    fc.constantFrom('', ' ', '"', "'", '`', '/', '=', ','),
    fc.constantFrom('', ' ', '"', ',', '. ', ')'),
  ])('never has a key, whatever is around it', (rest, before, after) => {
    expect(withoutKeys(`${before}sk-${rest}${after}`)).toBe(`${before}${redactedKey(`sk-${rest}`)}${after}`)
  })
})

test('a shortened key shows at most 8 of its characters', () => {
  expect(redactedKey('')).toBe('')
  expect(redactedKey('sk-abc')).toBe('sk-ab…')
  expect(redactedKey('sk-0123456789abcdef')).toBe('sk-0123…cdef')
  expect(redactedKey('0123456789abcdef')).toBe('0123…cdef')
})
