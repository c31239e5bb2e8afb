import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { jsonFault } from '../../../sim/config/json-fault.ts'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('the fault of a text that is not JSON', () => {
  test.each([
    ['{"port": 80,}', 1, 13, 'a name in double quotes', '"}"'],
    ['{\n  "port": 80\n  "host": "x"\n}', 3, 3, '"," or "}"', '"host"'],
    ['{\r\n  "port" 80}', 2, 10, '":"', '"80"'],
    ['{port: 80}', 1, 2, 'a name in double quotes', '"port"'],
    ["{'port': 80}", 1, 2, 'a name in double quotes', '"\'"'],
    ['{"a": undefined}', 1, 7, 'a value', '"undefined"'],
    ['{"a": [1, 2', 1, 12, '"," or "]"', 'the end of the file'],
    ['{"a": 01}', 1, 8, '"," or "}"', '"1"'],
    ['{} // done', 1, 4, 'nothing more', '"/"'],
    ['', 1, 1, 'a value', 'the end of the file'],
  ])('of %j', (text, line, column, expected, got) => {
    expect(jsonFault(text)).toEqual({ line, column, expected, got })
  })

  test('is found in a long and in a deep text, too', () => {
    expect(jsonFault(`[${'1,'.repeat(300_000)}1]`)).toBeUndefined()
    expect(jsonFault('['.repeat(300_000))).toMatchObject({ column: 300_001 })
  })
})

describe('agrees with the engine', () => {
  property.prop([fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"\\ \n\t0-1e.tn\u0001'), fc.boolean()])(
    'of JSON with one character changed, added or left out',
    (json, at, letter, isAdded) => {
      expect(jsonFault(json)).toBeUndefined()
      const cut = at % (json.length + 1)
      const changed = json.slice(0, cut) + letter + json.slice(isAdded ? cut : cut + 1)
      expect(jsonFault(changed) === undefined, changed).toBe(isJson(changed))
    },
  )

  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '1',
    '-',
    '1.',
    '1e5',
    'true',
    'nul',
    ' ',
    '\\',
  )
  property.prop([fc.array(piece, { maxLength: 12 })])('of any heap of pieces', (pieces) => {
    const text = pieces.join('')
    expect(jsonFault(text) === undefined, text).toBe(isJson(text))
  })
})
