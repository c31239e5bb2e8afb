import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { recordedPath } from '../../../sim/wire/recorded-text.ts'

describe('the path of a record', () => {
  test.each([
    ['/v1/sk-abcdefghijklmnop1234/chat', '/v1/sk-abcd…1234/chat'],
    ['/v1/chat;key=sk-abcdefghijklmnop1234', '/v1/chat;key=sk-abcd…1234'],
    ['/v1/%73k%2Dabcdefghijklmnop1234/chat', '/v1/sk-abcd…1234/chat'],
    ['/v1/chat%3Fapi_key=SK-abcdefghijklmnop1234', '/v1/chat%3Fapi_key=SK-a…1234'],
    ['/v1/sk-abcd%2Eefghijklmnop1234/chat', '/v1/sk-abcd…1234/chat'],
    ['/v1/%E0%A4%A/sk-abcdefghijklmnop1234', '/v1/%E0%A4%A/sk-abcd…1234'],
    ['/v1%2Fsk-abcdefghijklmnop1234', '/v1%2Fsk-abcd…1234'],
    ['/api/v1/tasks/task-abcdefghijklmnop1234', '/api/v1/tasks/task-abcdefghijklmnop1234'],
  ])('%s is recorded as %s', (path, recorded) => expect(recordedPath(path)).toBe(recorded))

  test.prop([
    fc.webPath(),
    fc.string({ unit: fc.constantFrom('a', 'Z', '7', '-', '_'), minLength: 12, maxLength: 60 }),
  ])('has no key that stands in it, and is otherwise the same', (path, key) => {
    fc.pre(!/sk-/i.test(path) && path.length < 100)
    expect(recordedPath(path)).toBe(path)
    expect(recordedPath(`${path}/sk-${key}/chat`)).not.toContain(key)
  })
})
