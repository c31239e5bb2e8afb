import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readCommentedJson } from '../../../sim/config/commented-json.ts'

describe('the fault of a text that is no JSON with comments', () => {
  test.each([
    ['{\n  "port": 80\n  "host": "x"\n}', 3, 3, '"," or "}"', 'a text'],
    ['{\r\n  "port" 80}', 2, 10, '":"', '"80"'],
    ['{port: 80}', 1, 2, 'a name in double quotes', '"port"'],
    ["{'port': 80}", 1, 2, 'a name in double quotes', '"\'"'],
    ['{"a": undefined}', 1, 7, 'a value', '"undefined"'],
    ['{"a": [1, 2', 1, 12, '"," or "]"', 'the end of the file'],
    ['{"a": [1, 2}', 1, 12, '"," or "]"', '"}"'],
    ['{"a": 1', 1, 8, '"," or "}"', 'the end of the file'],
    ['{"a": 01}', 1, 8, '"," or "}"', '"1"'],
    ['{"a": 1 x}', 1, 9, '"," or "}"', '"x"'],
    ['[1 x,, 2]', 1, 4, '"," or "]"', '"x"'],
    ['[x y]', 1, 2, 'a value', '"x"'],
    ['[{} x]', 1, 5, '"," or "]"', '"x"'],
    ['{"a" x: 1}', 1, 6, '":"', '"x"'],
    ['{"a": 1, // b\n x: 1}', 2, 2, 'a name in double quotes', '"x"'],
    ['{,}', 1, 2, 'a name in double quotes', '","'],
    ['{"a": 1,,}', 1, 9, 'a name in double quotes', '","'],
    ['[1,,2]', 1, 4, 'a value', '","'],
    ['{"a": }', 1, 7, 'a value', '"}"'],
    ['{} x', 1, 4, 'nothing more', '"x"'],
    ['{} {}', 1, 4, 'nothing more', '"{"'],
    ['nul', 1, 1, 'a value', '"nul"'],
    ['// only a comment', 1, 18, 'a value', 'the end of the file'],
    ['{} /* so', 1, 4, 'a comment that ends with "*/"', '"/"'],
    ['["a\nb"]', 1, 2, 'a text that ends with a double quote on its own line', 'a text'],
    ['["\\q"]', 1, 2, 'a text with one of " \\ / b f n r t u after each backslash', 'a text'],
    ['["\\u00g0"]', 1, 2, 'a text with four hexadecimal digits after each \\u', 'a text'],
    ['["a\u0001"]', 1, 2, 'a text without control characters', 'a text'],
    ['[1.]', 1, 2, 'a digit at the end of the number', '"1"'],
    ['', 1, 1, 'a value', 'the end of the file'],
    ['{"keys": ["hunter2" "hunter3"]}', 1, 21, '"," or "]"', 'a text'],
    ['{"keys": [sk-secret]}', 1, 11, 'a value', 'a word'],
    ['[undefined]', 1, 2, 'a value', '"undefined"'],
    ['[correcthorse]', 1, 2, 'a value', 'a word'],
  ])('of %j', (text, line, column, expected, got) => {
    expect(readCommentedJson(text)).toEqual({ fault: { line, column, expected, got } })
  })

  test('is found in a long and in a deep text, too', () => {
    expect(readCommentedJson(`[${'1,'.repeat(300_000)}1]`)).toMatchObject({ value: { length: 300_001 } })
    expect(readCommentedJson('['.repeat(300_000))).toEqual({
      fault: { line: 1, column: 1, expected: 'fewer lists and objects inside each other', got: 'too many' },
    })
  })
})

describe('comments and trailing commas', () => {
  test('are as if they were not there', () => {
    const text = '// what\n{"port": /* which */ 80, // the usual\n "a": ["//", "/* */", ], }\n/* end */'
    expect(readCommentedJson(text)).toEqual({ value: { port: 80, a: ['//', '/* */'] } })
  })

  test('leave every name a field of its own', () => {
    const { value } = readCommentedJson('{"__proto__": {"port": 1}, "a": 1, "a": 2}') as { value: object }
    expect(Object.entries(value)).toEqual([
      ['__proto__', { port: 1 }],
      ['a', 2],
    ])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })
})

/** The engine, on the text without comments and trailing commas; undefined: it is no JSON even so. */
function engine(text: string): { value: unknown } | undefined {
  const string = '("(?:[^"\\\\]|\\\\.)*")'
  const comments = new RegExp(`${string}|//[^\\n\\r]*|/\\*[^]*?\\*/`, 'g')
  const trailing = new RegExp(`${string}|(?<![[{,:]\\s*),(?=\\s*[}\\]])`, 'g')
  const kept = (_all: string, quoted: string | undefined) => quoted ?? ' '
  try {
    return { value: JSON.parse(text.replace(comments, kept).replace(trailing, kept)) }
  } catch {
    return undefined
  }
}

describe('agrees with the engine', () => {
  function expectSame(text: string): void {
    const read = readCommentedJson(text)
    expect('value' in read ? read : undefined, text).toStrictEqual(engine(text))
  }

  property.prop([fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"\\ \n\t0-1e.tn/*\u0001'), fc.boolean()])(
    'of JSON with one character changed, added or left out',
    (json, at, letter, isAdded) => {
      expect(readCommentedJson(json)).toStrictEqual({ value: JSON.parse(json) })
      const cut = at % (json.length + 1)
      expectSame(json.slice(0, cut) + letter + json.slice(isAdded ? cut : cut + 1))
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
    '/',
    '//',
    '/*',
    '*/',
    '\n',
  )
  property.prop([fc.array(piece, { maxLength: 12 })], { numRuns: 1000 })('of any heap of pieces', (pieces) => {
    expectSame(pieces.join(''))
  })

  const gap = fc.constantFrom('', ' ', '\n', '// a "{\n', '/* , */', '/**/', '\r\n')
  property.prop([fc.jsonValue(), fc.infiniteStream(gap), fc.infiniteStream(fc.boolean())])(
    'of JSON with comments and trailing commas put in',
    (value, gaps, commas) => {
      const between = () => gaps.next().value!
      const items = (texts: readonly string[]) =>
        `${texts.join(`${between()},${between()}`)}${texts.length > 0 && commas.next().value ? `,${between()}` : ''}`
      const write = (each: unknown): string => {
        if (Array.isArray(each)) return `[${between()}${items(each.map(write))}${between()}]`
        if (typeof each !== 'object' || each === null) return JSON.stringify(each)
        const fields = Object.entries(each).map(
          ([name, field]) => `${JSON.stringify(name)}${between()}:${write(field)}`,
        )
        return `{${items(fields)}${between()}}`
      }
      const text = `${between()}${write(value)}${between()}`
      expect(readCommentedJson(text), text).toStrictEqual({ value: JSON.parse(JSON.stringify(value)) })
      expectSame(text)
    },
  )
})
