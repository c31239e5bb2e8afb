import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { estimatedTokens } from '../../../../sim/wire/model/tokens.ts'
import { chatPath, protocolRig } from '../protocols/protocol-rig.ts'

/** Another computation of the estimate: by characters instead of UTF-16 units, and by a pattern instead of ranges. */
function estimatedByCharacter(text: string): number {
  let narrow = 0
  let wide = 0
  for (const character of text) {
    if (character.length === 2 || /[⺀-鿿가-힣豈-﫿＀-￯]/.test(character)) wide++
    else narrow++
  }
  return Math.ceil(narrow / 4 + wide / 1.5)
}

test.each([
  ['', 0],
  ['four', 1],
  ['fours', 2],
  ['你是谁？', 3],
  ['한국어', 2],
  ['😀😀😀', 2],
  ['日本go', 2],
])('%j: %i', (text, tokens) => {
  expect(estimatedTokens(text)).toBe(tokens)
})

const letters = fc.string({
  unit: fc.constantFrom(...'ab z\n', '\u00e9', '\u0436', '你', '、', '한', '豈', '？', '😀', '𠀀'),
})

property.prop([letters])('counts characters by their width', (text) => {
  expect(estimatedTokens(text)).toBe(estimatedByCharacter(text))
})

property.prop([fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })])(
  'never counts less for a longer text',
  (text, more) => {
    expect(estimatedTokens(text + more)).toBeGreaterThanOrEqual(estimatedTokens(text))
  },
)

test('a mock counts tokens with the given function', async () => {
  const { ask } = protocolRig({ tokenCount: (text) => text.length })
  const body = { model: 'qwen-plus', messages: [{ role: 'user', content: 'twelve chars' }] }
  expect(JSON.parse((await ask({ path: chatPath, body })).text).usage.prompt_tokens).toBe(12 + 8)
})

test.each(['héllo ', '你 ', '😀a', `${'é'.repeat(1000)}${'你'.repeat(1000)}`])(
  'estimates a text that is longer than any context by parts of it: %j',
  (part) => {
    const text = part.repeat(Math.ceil(6_000_000 / part.length))
    const exact = estimatedByCharacter(text)
    expect(Math.abs(estimatedTokens(text) - exact)).toBeLessThan(0.01 * exact)
  },
)
