import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { code, codeBlock, plain, sentence } from '../../../../src/report/markdown/user-text.ts'

/** Returns what a code span shows, by the rules of CommonMark: the text between two equal fences, without one space at each end. */
function shownBy(span: string): string {
  const [, fence = '', inside = ''] = /^(`+)(.*?[^`]|[^`])\1$/s.exec(span)!
  expect([...inside.matchAll(/`+/g)].some(([row]) => row.length === fence.length)).toBe(false)
  return /^ .*[^ ].* $/.test(inside) ? inside.slice(1, -1) : inside
}

describe('a text of a user', () => {
  test.prop([fc.string()])('has no sign left that Markdown or HTML would obey', (text) => {
    const shown = plain(text)
    expect(shown.replace(/\\[\\`*_~[\]]|&(amp|lt);/g, '')).not.toMatch(/[\\`*_~[\]<&]|\p{Cc}/u)
    // What is escaped is the text itself.
    const back = shown
      .replace(/\\([\\`*_~[\]])/g, '$1')
      .replaceAll('&lt;', '<')
      .replaceAll('&amp;', '&')
    expect(back).toBe(
      text
        .replace(/\s+/g, ' ')
        .trim()
        .replace(/\p{Cc}/gu, '?'),
    )
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
