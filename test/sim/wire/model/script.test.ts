import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { stoppedScript, writtenScript } from '../../../../sim/wire/model/script.ts'
import { stopWordSearch } from '../../../../sim/wire/model/stop-words.ts'

/** A simple model: reads character by character until a stop word is complete. */
function readUntil(text: string, words: readonly string[]) {
  for (let end = 1; end <= text.length; end++) {
    const complete = words.filter((word) => word !== '' && text.slice(0, end).endsWith(word))
    const longest = complete.toSorted((a, b) => b.length - a.length)[0]
    if (longest !== undefined) return { said: text.slice(0, end - longest.length), end, stopWord: longest }
  }
  return { said: text, end: text.length, stopWord: undefined }
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 30 })
const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 5 }), { maxLength: 4 })

describe('a script with stop words', () => {
  property.prop([letters, words, fc.integer({ min: 1, max: 40 })], { numRuns: 2000 })(
    'ends where the first stop word is complete, and counts the tokens up to there',
    (text, stop, tokens) => {
      const script = writtenScript(text, tokens)
      const { said, end, stopWord } = readUntil(text, stop)
      const cut = stoppedScript(script, stopWordSearch(stop), tokens)
      expect(cut.upTo(cut.tokens)).toBe(said)
      expect(cut.stopWord).toBe(stopWord)
      if (stopWord === undefined) return
      expect(script.upTo(cut.tokens).length).toBeGreaterThanOrEqual(end)
      if (cut.tokens > 1) expect(script.upTo(cut.tokens - 1).length).toBeLessThan(end)
    },
  )

  property.prop([letters, words, fc.integer({ min: 1, max: 40 })])(
    'never changes the text that it has already given',
    (text, stop, tokens) => {
      const cut = stoppedScript(writtenScript(text, tokens), stopWordSearch(stop), tokens)
      for (let i = 0; i < cut.tokens; i++) expect(cut.upTo(i + 1).startsWith(cut.upTo(i))).toBe(true)
    },
  )
})

test('a text is searched for all stop words in one pass, and not beyond the cut of the answer', () => {
  const said = 'ab '.repeat(50_000)
  const words = Array.from({ length: 90 }, (_, i) => `${i} ${'ab '.repeat(30)}`)
  expect(stopWordSearch(words).firstIn(said)).toBeUndefined()
  expect(stopWordSearch([...words, 'b a']).firstIn(said)).toEqual({ word: 'b a', end: 4 })
  let searched = 0
  const upTo = (count: number) => {
    searched = count
    return 'a'.repeat(count)
  }
  const endless = { tokens: 1e12, upTo }
  expect(stoppedScript(endless, stopWordSearch(['b']), 1000)).toBe(endless)
  expect(searched).toBe(1000)
})

test('no character is split', () => {
  const script = writtenScript('😀😀😀', 6)
  for (let i = 0; i <= 6; i++) expect(script.upTo(i).isWellFormed()).toBe(true)
})
