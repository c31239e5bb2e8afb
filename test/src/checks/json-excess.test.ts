import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { jsonExcess } from '../../../src/checks/json-excess.ts'

/** The levels of a value: 1 for a list or an object of texts and numbers. */
function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf))
}

/** The commas and opening brackets of a value in JSON. */
function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const items = Object.values(value)
  return 1 + Math.max(0, items.length - 1) + items.reduce((sum: number, each) => sum + countOf(each), 0)
}

const tooDeep = 'nests deeper than 200 levels'
const tooMany = 'has more than 50,000 values'

/** Texts with everything that a reader of JSON could take for a bracket, a comma or the end of a text. */
const odd = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', ',', '"', '\\', 'a', '\u2028'), maxLength: 12 })
const part = fc.oneof(odd, fc.integer(), fc.jsonValue({ maxDepth: 3 }), fc.dictionary(odd, odd, { maxKeys: 3 }))

describe('the excess of a text in JSON', () => {
  property.prop([part, fc.integer({ min: 190, max: 205 }), fc.constantFrom<'list' | 'object'>('list', 'object')])(
    'is a nesting of more than 200 levels',
    (inner, levels, kind) => {
      let value: unknown = inner
      for (let i = 0; i < levels; i++) value = kind === 'list' ? ['","[', value, '\\'] : { ',"{': '}', b: value }
      expect(jsonExcess(JSON.stringify(value))).toBe(levelsOf(value) > 200 ? tooDeep : undefined)
    },
  )

  property.prop([fc.array(part, { minLength: 1, maxLength: 5 }), fc.integer({ min: -4, max: 4 })], { numRuns: 50 })(
    'is a count of more than 50,000 commas and brackets',
    (parts, more) => {
      const rest = 50_000 - countOf(parts) + more
      const value = [...parts, ...Array(rest).fill(0)]
      expect(jsonExcess(JSON.stringify(value))).toBe(countOf(value) > 50_000 ? tooMany : undefined)
    },
  )

  test('is not a list of many short lists and objects', () => {
    expect(jsonExcess(JSON.stringify(Array(5000).fill([[], { a: [1, {}] }])))).toBeUndefined()
  })

  test('is not what stands in texts', () => {
    expect(
      jsonExcess(JSON.stringify({ a: '['.repeat(1e6), b: ','.repeat(1e6), c: '\\"['.repeat(1e5) })),
    ).toBeUndefined()
  })

  test.each([' ', '\n', '7', '""'])('is more than 2,000,000 characters outside texts: %j', (piece) => {
    expect(jsonExcess(piece.repeat(2_000_000))).toBeUndefined()
    expect(jsonExcess(piece.repeat(2_000_001))).toBe('has more than 2,000,000 characters outside texts')
  })

  test.each(['\n', '"', '\\', '\u0000'])('is more than 1,000,000 escapes: %j', (character) => {
    expect(jsonExcess(JSON.stringify(character.repeat(1_000_000)))).toBeUndefined()
    expect(jsonExcess(JSON.stringify(character.repeat(1_000_001)))).toBe('has more than 1,000,000 escapes')
  })

  test('of a text that is not JSON is told, too, and its end is found', () => {
    expect(jsonExcess('['.repeat(1e6))).toBe(tooDeep)
    expect(jsonExcess(','.repeat(1e6))).toBe(tooMany)
    for (const text of ['', '"', '"\\', ']'.repeat(1000), `${' '.repeat(1000)}"${'\\"'.repeat(1000)}`])
      expect(jsonExcess(text)).toBeUndefined()
  })
})
