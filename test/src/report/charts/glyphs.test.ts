import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { escapedText } from '../../../../src/report/charts/glyphs.ts'

const latinOnly = (character: string) => character < '\u0250'

describe('a text that can be seen', () => {
  test('has escapes in place of characters that no font has', () => {
    expect(escapedText('重试 retry é', latinOnly)).toBe('\\u91cd\\u8bd5 retry é')
    expect(escapedText('\u{1f600}', latinOnly)).toBe('\\ud83d\\ude00')
    expect(escapedText('重试', () => true)).toBe('重试')
  })

  test('has escapes in place of characters that control text, and of halves of characters', () => {
    expect(escapedText('a\u202eb\u0000\ud83d', () => true)).toBe('a\\u202eb\\u0000\\ud83d')
  })

  test.prop([fc.string({ unit: 'binary' })])('can be read back, and has only characters with a glyph', (text) => {
    const shown = escapedText(text, latinOnly)
    expect([...shown].every(latinOnly)).toBe(true)
    fc.pre(!text.includes('\\'))
    expect(shown.replace(/\\u([0-9a-f]{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))).toBe(text)
  })
})
