import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { fitted, wrapped } from '../../../../src/report/charts/text.ts'
import { measure } from '../../../golden/measure.ts'

// A letter is 6 pixels wide.
const style = { size: 10 }

describe('a shortened text', () => {
  test('keeps its beginning and its end', () => {
    expect(fitted('retry-full:attempts=5', 60, style, measure)).toBe('retry…ts=5')
    expect(fitted('short', 60, style, measure)).toBe('short')
    expect(fitted('long', 0, style, measure)).toBe('…')
  })

  test('never splits a letter of several characters', () => {
    expect(fitted('\u{1f600}'.repeat(9), 60, style, measure)).toBe(`${'\u{1f600}'.repeat(2)}…${'\u{1f600}'.repeat(2)}`)
  })

  test.prop([fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 6, max: 300 })])(
    'fits, and has as much of the text as fits',
    (text, width) => {
      const short = fitted(text, width, style, measure)
      if (text.length * 6 <= width) {
        expect(short).toBe(text)
        return
      }
      expect(measure(short, style)).toBeLessThanOrEqual(width)
      const [head = '', tail = ''] = short.split(/…(?!.*…)/su)
      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true)
    },
  )
})

describe('a wrapped text', () => {
  test('breaks between words, and within a word that is wider than a line', () => {
    expect(wrapped('one two three', 48, 9, style, measure)).toEqual(['one two', 'three'])
    expect(wrapped('一二三四五六七八九十', 24, 9, style, measure)).toEqual(['一二三四', '五六七八', '九十'])
    expect(wrapped('', 24, 9, style, measure)).toEqual([])
  })

  test('shortens its last line when there is more', () => {
    expect(wrapped('one two three four five six', 48, 2, style, measure)).toEqual(['one two', 'thre…six'])
  })

  test.prop([fc.string({ maxLength: 200 }), fc.integer({ min: 12, max: 300 }), fc.integer({ min: 1, max: 5 })])(
    'has lines of at most the width, and all letters in their order while there are lines enough',
    (text, width, most) => {
      const lines = wrapped(text, width, most, style, measure)
      expect(lines.length).toBeLessThanOrEqual(most)
      for (const line of lines) expect(measure(line, style)).toBeLessThanOrEqual(width)
      const letters = (words: string) => words.replace(/\s+/g, '')
      expect(letters(wrapped(text, width, 1000, style, measure).join(''))).toBe(letters(text))
    },
  )
})
