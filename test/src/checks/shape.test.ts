import { describe, expect, test } from 'vitest'
import { distinct, flag, list, number, object, oneOf, optional, repeated, text } from '../../../src/checks/shape.ts'

interface Cup {
  readonly name: string
  readonly litres: number
  readonly lid?: boolean
}

const cup = object<Cup>({ name: text, litres: number({ above: 0 }), lid: optional(flag) })

describe('an object', () => {
  test('has no problem when every field is right', () => {
    expect(cup('cup', { name: 'mug', litres: 0.3 })).toEqual([])
    expect(cup('cup', { name: 'mug', litres: 0.3, lid: true })).toEqual([])
    expect(cup('cup', { name: 'mug', litres: 0.3, lid: undefined })).toEqual([])
  })

  test('has a sentence for every problem, each with its path', () => {
    expect(cup('cup', { name: ' ', litres: -1, lid: 'yes' })).toEqual([
      'Expected `cup.name` to be a text that is not empty, got " "',
      'Expected `cup.litres` to be > 0, got -1',
      'Expected `cup.lid` to be true or false, got "yes"',
    ])
  })

  test('has a problem when a field is missing', () => {
    expect(cup('cup', { name: 'mug' })).toEqual(['Expected `cup.litres` to be a finite number > 0, got undefined'])
  })

  test('has a suggestion for a misspelled field', () => {
    expect(cup('cup', { name: 'mug', litres: 1, litrs: 2 })).toEqual([
      'Expected `cup` to have no fields but name, litres, lid, got "litrs"; did you mean litres?',
    ])
    expect(cup('', { name: 'mug', litres: 1, handle: 2 })).toEqual([
      'Expected the scenario to have no fields but name, litres, lid, got "handle"',
    ])
  })

  test.each([
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a list', [], 'a list'],
    ['a function', () => 0, 'a function'],
    ['a number', 3, '3'],
  ])('is not %s', (_what, value, shown) => {
    expect(cup('cup', value)).toEqual([`Expected \`cup\` to be an object, got ${shown}`])
  })

  test('ignores fields of the prototype, and sees an own field with such a name', () => {
    const odd: unknown = JSON.parse('{"name":"mug","litres":1,"__proto__":{},"constructor":1}')
    expect(cup('cup', odd)).toHaveLength(2)
  })
})

describe('a list', () => {
  test('names each item by its index', () => {
    expect(list(text)('names', ['a', 3, ''])).toEqual([
      'Expected `names[1]` to be a text that is not empty, got 3',
      'Expected `names[2]` to be a text that is not empty, got ""',
    ])
  })

  test('may require at least one item', () => {
    expect(list(text)('names', [])).toEqual([])
    expect(list(text, 1)('names', [])).toEqual(['Expected `names` to have at least one item, got none'])
    expect(list(text, 1)('names', 'a')).toEqual(['Expected `names` to be a list, got "a"'])
  })

  test('reports a hole as a missing item', () => {
    expect(list(text)('names', new Array(2))).toHaveLength(2)
  })

  test('may require distinct items', () => {
    expect(distinct(list(text))('names', ['a', 'b', 'a', 'a'])).toEqual([
      'Expected `names[2]` to differ from `names[0]`, got "a" twice',
      'Expected `names[3]` to differ from `names[0]`, got "a" twice',
    ])
    expect(distinct(list(text))('names', null)).toEqual(['Expected `names` to be a list, got null'])
  })

  test('repeated compares a field of the items, and ignores items whose field is not a text', () => {
    const nameOf = (item: unknown) => (item as { name?: unknown }).name
    expect(repeated('cups', [{ name: 'a' }, {}, {}, { name: 'a' }], '.name', nameOf)).toEqual([
      'Expected `cups[3].name` to differ from `cups[0].name`, got "a" twice',
    ])
  })
})

describe('oneOf', () => {
  test.each([
    ['split', []],
    ['splt', ['Expected `charge` to be one of split, reserve, got "splt"; did you mean split?']],
    ['toString', ['Expected `charge` to be one of split, reserve, got "toString"']],
    [7, ['Expected `charge` to be one of split, reserve, got 7']],
    [{ toString: null }, ['Expected `charge` to be one of split, reserve, got an object']],
  ])('%j', (value, problems) => {
    expect(oneOf(['split', 'reserve'])('charge', value)).toEqual(problems)
  })
})
