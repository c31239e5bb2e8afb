import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { isBlankLine, splitFields } from '../../../../src/scenario/recorded/csv-fields.ts'

function split(line: string, mostFields = 20): string[] | undefined {
  // A comma and a quote before and after the line show whether bytes outside it are read.
  const bytes = Buffer.from(`",${line},"`)
  const bounds = new Uint32Array(2 * mostFields)
  const fields = splitFields(bytes, 2, bytes.length - 2, bounds)
  if (fields < 0) return undefined
  return Array.from({ length: fields }, (_, k) => bytes.toString('utf8', bounds[2 * k]!, bounds[2 * k + 1]!))
}

describe('splitFields', () => {
  test.each<[string, readonly string[] | undefined]>([
    ['a,b,c', ['a', 'b', 'c']],
    ['', ['']],
    [',', ['', '']],
    ['a,', ['a', '']],
    [',,b', ['', '', 'b']],
    [' a b , c\t,\td\r', ['a b', 'c', 'd']],
    ['"a,b",c', ['a,b', 'c']],
    ['"",""', ['', '']],
    [' " a " ,b', [' a ', 'b']],
    ['"a""b",c', ['a""b', 'c']],
    ['a"b,c', ['a"b', 'c']],
    ['"a,b', undefined],
    ['a,"b""', undefined],
    ['"', undefined],
  ])('%j', (line, fields) => {
    expect(split(line)).toEqual(fields)
  })

  test('stops when it has found as many fields as `bounds` can hold', () => {
    expect(split('a,b,"c', 2)).toEqual(['a', 'b'])
  })

  const field = fc.string({ unit: fc.constantFrom('a', '7', ',', '"', ' ', 'é') })
  test.prop([fc.array(field, { minLength: 1, maxLength: 8 })])('finds quoted fields', (fields) => {
    const quoted = fields.map((each) => each.replaceAll('"', '""'))
    expect(split(quoted.map((each) => `"${each}"`).join(','))).toEqual(quoted)
  })

  const plain = fc.string({ unit: fc.constantFrom('a', '7', '-', ' ', ':') })
  test.prop([fc.array(plain, { minLength: 1, maxLength: 8 })])(
    'finds fields without quotes, without the blanks around them',
    (fields) => {
      expect(split(fields.join(','))).toEqual(fields.map((each) => each.trim()))
    },
  )
})

test.each([
  ['', true],
  [' \t\r', true],
  [' ,', false],
  ['a', false],
])('%j is blank: %s', (line, blank) => {
  expect(isBlankLine(Buffer.from(`x${line}x`), 1, 1 + line.length)).toBe(blank)
})
