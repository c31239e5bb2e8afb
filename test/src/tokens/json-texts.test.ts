import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { estimatedTokens } from '../../../sim/wire/model/tokens.ts'
import { JsonTexts } from '../../../src/tokens/json-texts.ts'

const texts = ['content', 'input']
const numbers = ['output_tokens']

function read(pieces: readonly string[]): JsonTexts {
  const reader = new JsonTexts({ texts, numbers })
  for (const piece of pieces) reader.add(piece)
  return reader
}

/** The text cut at these places. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length]
  return at.slice(1).map((end, i) => text.slice(at[i], end))
}

/** All texts of a value under a name of a text, one after the other, and the numbers there: as the class says it, computed from the parsed value. */
function expected(value: unknown, isText = false): { text: string; listed: number } {
  if (typeof value === 'string') return { text: isText ? value : '', listed: 0 }
  if (typeof value === 'number') return { text: '', listed: isText ? 1 : 0 }
  if (typeof value !== 'object' || value === null) return { text: '', listed: 0 }
  const parts = Array.isArray(value)
    ? value.map((each) => expected(each, isText))
    : Object.entries(value).map(([name, each]) => expected(each, texts.includes(name)))
  return { text: parts.map(({ text }) => text).join(''), listed: parts.reduce((sum, { listed }) => sum + listed, 0) }
}

const word = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\\"', '你好', '😀', '\n', '\\u', ''))
const leaf = fc.oneof(word, fc.nat(100_000), fc.constant(null), fc.boolean())
const name = fc.constantFrom('content', 'input', 'role', 'cont\\ent', 'x'.repeat(300))
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(leaf, { maxLength: 4 }), tie('object')),
  object: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
})).object

describe('texts of JSON', () => {
  property.prop([anyJson, fc.array(fc.nat(), { maxLength: 6 }), fc.constantFrom(undefined, 1, '\t')])(
    'are counted like the parsed value, wherever the JSON is cut',
    (value, places, space) => {
      const json = JSON.stringify(value, undefined, space)
      const { text, listed } = expected(value)
      const reader = read(cut(json, places))
      expect(reader.tokens).toBe(estimatedTokens(text) + listed)
      expect(reader.lastNumber).toBeUndefined()
    },
  )

  property.prop([fc.string(), fc.array(fc.nat(), { maxLength: 6 })])(
    'count the same when each letter is an escape',
    (text, places) => {
      const escaped = (plain: string) =>
        plain.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      const json = `{"${escaped('content')}":"${escaped(text)}"}`
      expect(read(cut(json, places)).tokens).toBe(estimatedTokens(text))
    },
  )

  property.prop([
    fc.array(fc.record({ text: word, report: fc.option(fc.nat(1e6)) })),
    fc.array(fc.nat(), { maxLength: 9 }),
  ])('are counted since the last number, which is read from any frame of a stream', (frames, places) => {
    const stream = frames.map(({ text, report }) => {
      const data = {
        choices: [{ delta: { content: text } }],
        usage: report === null ? null : { output_tokens: report },
      }
      return `id: 1\ndata: ${JSON.stringify(data)}\n\n`
    })
    const reader = read(cut(`${stream.join('')}data: [DONE]\n\n`, places))
    const last = frames.findLastIndex(({ report }) => report !== null)
    expect(reader.lastNumber).toBe(frames[last]?.report ?? undefined)
    expect(reader.tokens).toBe(
      estimatedTokens(
        frames
          .slice(last + 1)
          .map(({ text }) => text)
          .join(''),
      ),
    )
  })

  property.prop([fc.string({ unit: 'binary' }), fc.array(fc.nat(), { maxLength: 6 })])(
    'survive what is not JSON',
    (text, places) => {
      expect(read(cut(text, places)).tokens).toBeGreaterThanOrEqual(0)
    },
  )

  test('are counted before they are complete, so that an endless text is not free', () => {
    expect(read(['data: {"content":"', 'abcd'.repeat(1000)]).tokens).toBe(1000)
    expect(read(['{"content":"abcd"']).tokens).toBe(1)
    expect(read(['{"role":"abcd']).tokens).toBe(0)
  })

  test('leave out a number that no answer can have', () => {
    expect(read(['{"output_tokens":99999999999999999999}']).lastNumber).toBeUndefined()
    expect(read(['{"output_tokens":7}{"output_tokens":"8"}{"output_tokens":null}']).lastNumber).toBe(7)
  })
})
