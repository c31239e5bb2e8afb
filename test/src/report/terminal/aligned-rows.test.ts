import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { alignedRows } from '../../../../src/report/terminal/aligned-rows.ts'
import { textWidth } from '../../../../src/report/terminal/grid.ts'

const rows = [
  ['OpenAI SDKs', 'http://127.0.0.1:8420/compatible-mode/v1', 'base_url; chat, completions, embeddings, models'],
  ['Control', 'http://127.0.0.1:8420/_ratelab/state', ''],
]

describe('rows of three cells', () => {
  test('are columns when there is room', () => {
    expect(alignedRows(rows, 120)).toEqual([
      '  OpenAI SDKs  http://127.0.0.1:8420/compatible-mode/v1  base_url; chat, completions, embeddings, models',
      '  Control      http://127.0.0.1:8420/_ratelab/state',
    ])
  })

  test('have the last cell below the second when there is less room', () => {
    expect(alignedRows(rows, 60)).toEqual([
      '  OpenAI SDKs  http://127.0.0.1:8420/compatible-mode/v1',
      '               base_url; chat, completions, embeddings,',
      '               models',
      '  Control      http://127.0.0.1:8420/_ratelab/state',
    ])
  })

  test('have all cells below the first when there is hardly any room, and an address is never broken', () => {
    expect(alignedRows(rows, 42)).toEqual([
      '  OpenAI SDKs',
      '    http://127.0.0.1:8420/compatible-mode/v1',
      '    base_url; chat, completions,',
      '    embeddings, models',
      '  Control',
      '    http://127.0.0.1:8420/_ratelab/state',
    ])
  })

  test('have as few columns as the caller says', () => {
    expect(alignedRows(rows.slice(1), 120, 1)).toEqual(['  Control  http://127.0.0.1:8420/_ratelab/state'])
    expect(alignedRows([['burst', 'A burst', 'Which is best?']], 120, 1)).toEqual([
      '  burst  A burst',
      '         Which is best?',
    ])
  })
})

test('there may be no rows', () => {
  expect(alignedRows([], 80)).toEqual([])
})

const word = fc
  .string({ minLength: 1, maxLength: 14, unit: fc.constantFrom('a', '/', '重') })
  .filter((text) => !/重.*重/.test(text))
const words = fc.array(word, { maxLength: 12 }).map((parts) => parts.join(' '))

test.prop([fc.array(fc.tuple(word, words, words), { maxLength: 6 }), fc.integer({ min: 30, max: 120 })])(
  'every word stays, whole and in its order, in lines without trailing blanks and of at most the width',
  (cells, width) => {
    const lines = alignedRows(cells, width)
    expect(lines.join(' ').split(/\s+/).filter(Boolean)).toEqual(cells.flat().join(' ').split(/\s+/).filter(Boolean))
    for (const line of lines) {
      expect(line).toBe(line.trimEnd())
      expect(textWidth(line)).toBeLessThanOrEqual(width)
      expect(line.startsWith('  ')).toBe(true)
    }
  },
)
