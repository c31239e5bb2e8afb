import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { harmless } from '../../../cli/process/output.ts'
import { ansi, styleCode } from '../../../src/report/terminal/style.ts'
import { hostileText, unsafeCharacters } from '../../unsafe-texts.ts'

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      ...unsafeCharacters,
      '::',
      ':',
      '##[',
      '##vso[',
      '#',
      ' ',
      '\n',
      '\ud800',
      '\u001b[1m',
      '\u001b[31m',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})

describe('what a command prints', () => {
  test.prop([anyText])(
    'has only line feeds and our own styles of all control characters, and no command of a CI system',
    (text) => {
      const lines = harmless(text).split('\n')
      expect(lines).toHaveLength(text.split('\n').length)
      for (const line of lines) {
        expect(line.replaceAll(styleCode, '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}/u)
        expect(line).not.toMatch(/^\s*::|##\w*\[/)
      }
    },
  )

  test('is the text itself where nothing obeys it', () => {
    const text = `ratelab: a · b — “c” 中文 👩‍👩‍👧\n  · ratelab::x # [1]\n\n${ansi.best('★ queue')} ${ansi.dim('x')}\n`
    expect(harmless(text)).toBe(text)
  })

  test('has the styles of a report, but none that a stranger wrote', () => {
    expect(ansi.bold(hostileText).split('\u001b')).toHaveLength(3)
    expect(harmless(ansi.bold(`a\u001b[31mb`))).toBe('\u001b[1ma?[31mb\u001b[22m')
  })

  test.each([
    ['::error::x', '?:error::x'],
    ['\u00a0 ::add-mask::x', '\u00a0 ?:add-mask::x'],
    ['a ::error::x', 'a ::error::x'],
    ['a ##[error]x', 'a ?#[error]x'],
    ['##vso[task.setvariable variable=a]b', '?#vso[task.setvariable variable=a]b'],
  ])('%j is %j', (text, shown) => {
    expect(harmless(text)).toBe(shown)
  })
})
