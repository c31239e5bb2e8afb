import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { printable } from '../../../../src/core/printable.ts'
import { code, codeBlock, plain, sentence } from '../../../../src/report/markdown/user-text.ts'

/** Returns what a code span shows, by the rules of CommonMark: the text between two equal fences, without one space at each end. */
function shownBy(span: string): string {
  const [, fence = '', inside = ''] = /^(`+)(.*?[^`]|[^`])\1$/s.exec(span)!
  expect([...inside.matchAll(/`+/g)].some(([row]) => row.length === fence.length)).toBe(false)
  return /^ .*[^ ].* $/.test(inside) ? inside.slice(1, -1) : inside
}

describe('a text of a user', () => {
  test.prop([
    fc.string({
      unit: fc.oneof(fc.constantFrom(...'\\`*_~[]$<&#>+=:-.)1 @'), fc.string({ minLength: 1, maxLength: 1 })),
    }),
  ])('has no sign left that Markdown or HTML would obey', (text) => {
    const shown = plain(text)
    // A word that would be a link is code, which obeys nothing.
    const spans = /(?<= |^)(`+) ?\S+? ?\1(?= |$)/g
    const outside = shown.replace(spans, '')
    expect(outside.replace(/\\[\\`*_~[\]$#>+=:.)-]|&(amp|lt);/g, '')).not.toMatch(/[\\`*_~[\]<&$@]|\p{Cc}/u)
    expect(outside).not.toMatch(/^(?:[#>+=-]|::|\d+[.)](?: |$))/)
    // What is shown is the text itself.
    const back = shown
      .split(' ')
      .filter(Boolean)
      .map((word) =>
        word.includes('@') || /#\d/.test(word)
          ? word.replaceAll('`', '')
          : word
              .replace(/\\([\\`*_~[\]$#>+=:.)-])/g, '$1')
              .replaceAll('&lt;', '<')
              .replaceAll('&amp;', '&')
              .replaceAll('`', ''),
      )
      .join('')
    expect(back.replace(/\\/g, '')).toBe(printable(text.replace(/\s+/g, '')).replace(/[`\\]/g, ''))
  })

  test.each([
    ['see https://evil.example now', 'see `https://evil.example` now'],
    ['[a](https://evil.example)', '`[a](https://evil.example)`'],
    ['WWW.evil.example', '`WWW.evil.example`'],
    ['mail a@b.example', 'mail `a@b.example`'],
    ['@team fixes #12 and GH-3', '`@team` fixes `#12` and `GH-3`'],
    ['# no heading', '\\# no heading'],
    ['- no item', '\\- no item'],
    ['1. no item', '1\\. no item'],
    ['1.5 times', '1.5 times'],
    ['::error::x', '\\::error::x'],
    ['<img src=x onerror=y>', '&lt;img src=x onerror=y>'],
    ['a $x$ b', 'a \\$x\\$ b'],
    ['a\u202eb\u009bc', 'a?b?c'],
  ])('%j is written as %j', (text, shown) => {
    expect(plain(text)).toBe(shown)
  })

  test.prop([fc.string({ unit: fc.constantFrom('`', ' ', 'a', '|', '\u001b') }).filter((text) => /[a|]/.test(text))])(
    'is shown by a code span as it is',
    (text) => {
      expect(shownBy(code(text))).toBe(text.replace(/\s+/g, ' ').trim().replaceAll('\u001b', '?'))
    },
  )

  test('cannot end a block of code', () => {
    expect(codeBlock('sh', 'x ``` y')).toBe('````sh\nx ``` y\n````')
    expect(codeBlock('sh', 'npx ratelab run burst')).toBe('```sh\nnpx ratelab run burst\n```')
  })
})

test('a sentence keeps its names as code and escapes the rest', () => {
  expect(sentence('`retry-pace` beats “<b>all</b> *calls*”; `we|<b>` hardly differs.')).toBe(
    '`retry-pace` beats “&lt;b>all&lt;/b> \\*calls\\*”; `we|<b>` hardly differs.',
  )
})
