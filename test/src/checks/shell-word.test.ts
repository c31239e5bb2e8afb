import { spawnSync } from 'node:child_process'
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { shellPath, shellWord } from '../../../src/checks/shell-word.ts'
import { faultsIn, hostileText, unsafeCharacters } from '../../unsafe-texts.ts'

const anyWord = fc.string({
  unit: fc.oneof(fc.constantFrom(...unsafeCharacters, ...`'"\\$()\`!*?~#&;|<>= \n-`), fc.constantFrom('a', 'é', '中')),
})

describe('a word for a shell', () => {
  test.each([
    ['burst', 'burst'],
    ['reports/a-b.ts', 'reports/a-b.ts'],
    ['', "''"],
    ['two words', "'two words'"],
    ["it's", "'it'\\''s'"],
    ['$(rm -rf ~) `id`', "'$(rm -rf ~) `id`'"],
    ['=cmd', "'=cmd'"],
    ["a\nb'\u001b", "$'a\\012b\\'\\033'"],
    ['\u009b', "$'\\302\\233'"],
  ])('%j is %s', (text, word) => {
    expect(shellWord(text)).toBe(word)
  })

  test('a path that begins with a hyphen is no option', () => {
    expect(shellPath('-x.ts')).toBe('./-x.ts')
    expect(shellPath('--help me.ts')).toBe("'./--help me.ts'")
    expect(shellPath('burst')).toBe('burst')
  })

  test.prop(
    [
      fc.array(
        anyWord.filter((word) => !word.includes('\0')),
        { minLength: 20, maxLength: 20 },
      ),
    ],
    { numRuns: 20 },
  )('is the text itself to bash, and nothing that a terminal obeys', (texts) => {
    const words = [...texts, hostileText.replaceAll('\0', '').toWellFormed()]
    const typed = words.map(shellWord)
    for (const word of typed) expect(faultsIn(`x ${word}`).filter((fault) => fault.startsWith('U+'))).toEqual([])
    const { stdout } = spawnSync('bash', ['-c', `printf '%s\\0' ${typed.join(' ')}`], { encoding: 'utf8' })
    expect(stdout.split('\0').slice(0, -1)).toEqual(words)
  })
})
