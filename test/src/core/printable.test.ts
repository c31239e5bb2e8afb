import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { escaped, harmlessJson, printable } from '../../../src/core/printable.ts'
import { hostileText, unsafeCharacters } from '../../unsafe-texts.ts'

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...unsafeCharacters, '#', '[', 'a', '\ud800', '\n'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})

/** The categories of Unicode, in which our ranges should be: controls, formats, separators of lines, halves of pairs. */
const category = /[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}\u00ad\u200b\u200c\u2060\ufeff]/u

describe('a text of a stranger', () => {
  test.prop([anyText])('has no unsafe character when it is printable, and is as long', (text) => {
    const shown = printable(text)
    expect(shown).not.toMatch(category)
    expect(Array.from(shown)).toHaveLength(Array.from(text).length)
    expect(printable(shown)).toBe(shown)
  })

  test('keeps words of every script, and pictures of several characters', () => {
    for (const text of ['中文 العربية עברית', 'résumé e\u0301', '👩‍👩‍👧 👩🏽‍💻 🏳️‍🌈 ❤️‍🔥', '→ ✓ “a”'])
      expect(printable(text)).toBe(text)
  })

  test.each(unsafeCharacters)('has %j replaced, and escaped', (character) => {
    expect(printable(`a${character}b`)).toBe('a?b')
    expect(escaped(`a${character}b`)).toMatch(/^a(\\u[0-9a-f]{4}){1,2}b$/)
    expect(JSON.parse(`"${escaped(character)}"`)).toBe(character)
  })
})

describe('JSON', () => {
  test.prop([fc.oneof(fc.jsonValue(), anyText, fc.dictionary(anyText, anyText))])(
    'has the value of JSON.stringify, and nothing that a terminal or a CI system obeys',
    (value) => {
      const json = harmlessJson(value)
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(json).not.toMatch(category)
      expect(json).not.toMatch(/##\w*\[/)
    },
  )

  test('is that of JSON.stringify for texts that nothing obeys', () => {
    const value = { a: ['é', '中', 1.5, null], 'b"': { c: '\\ # [x]' } }
    expect(harmlessJson(value)).toBe(JSON.stringify(value))
    expect(harmlessJson(hostileText)).not.toBe(JSON.stringify(hostileText))
  })
})
