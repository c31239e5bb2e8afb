import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { columnsThatFit, grid, gridWidth, shortened, textWidth, wrap } from '../../../../src/report/terminal/grid.ts'

const columns = [
  { heading: ['', 'strategy'], align: 'left', cells: ['none', 'retry-pace'] },
  { heading: ['wait', 'p95'], align: 'right', cells: ['never', '3 s'] },
] as const

test('columns are side by side under headings of two lines', () => {
  expect(grid(columns)).toEqual(['             wait', 'strategy      p95', 'none        never', 'retry-pace    3 s'])
  expect(gridWidth(columns)).toBe(17)
})

test.prop([
  fc.array(fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'b', ' ', '\n') })),
  fc.integer({ min: 12, max: 60 }),
])('wrapping keeps every word, in lines of at most the width', (parts, width) => {
  const text = parts.join(' ')
  const lines = wrap(text, width)
  expect(lines.join(' ')).toBe(text.trim().split(/\s+/).join(' '))
  for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true)
})

test('a number and its unit stay on one line', () => {
  expect(wrap('within 3 min 33 s and 95 % of', 12)).toEqual(['within 3 min', '33 s and', '95 % of'])
})

test('a line ends with a separator and does not begin with one', () => {
  expect(wrap('burst · qwen3-max · 5 seeds', 9)).toEqual(['burst ·', 'qwen3-max ·', '5 seeds'])
})

test('a Chinese character takes two columns, and a line may be broken after it', () => {
  const cells = ['突发流量', 'e\u0301te']
  expect(
    grid([
      { heading: ['', '#'], align: 'right', cells },
      { heading: ['', 'x'], align: 'left', cells: ['1', '2'] },
    ]),
  ).toEqual(['', '       #  x', '突发流量  1', '     e\u0301te  2'])
  expect(wrap('突发流量，两千个调用 at once', 9)).toEqual(['突发流', '量，两千', '个调用 at', 'once'])
})

test.each([
  ['突发', 4],
  ['e\u0301', 1],
  ['가', 2],
  ['🇨🇳', 2],
  ['👩‍👩‍👧', 2],
  ['👍🏽', 2],
  ['★ … → ±', 7],
])('%s takes %i columns', (text, width) => {
  expect(textWidth(text)).toBe(width)
  expect(textWidth(`a ${text} b`)).toBe(width + 4)
})

test('a control character in a name takes the column of the sign that replaces it', () => {
  expect(textWidth('a\u001b[1mb\n')).toBe(7)
})

test.prop([fc.string({ unit: fc.constantFrom('a', '-', '中', 'e\u0301') }), fc.integer({ min: 4, max: 30 })])(
  'a shortened text fits, keeps its beginning and its end, and nothing is cut from one that fits',
  (text, width) => {
    const short = shortened(text, width)
    expect(textWidth(short)).toBeLessThanOrEqual(width)
    expect(short === text).toBe(textWidth(text) <= width)
    if (short === text) return
    const [head, tail, ...more] = short.split('…')
    expect(more).toEqual([])
    expect(text.startsWith(head!) && text.endsWith(tail!)).toBe(true)
    // A character of two columns can leave one column free on each side of the `…`.
    expect(textWidth(short)).toBeGreaterThanOrEqual(width - 2)
  },
)

test.prop([fc.array(fc.nat(20), { maxLength: 8 }), fc.nat(100)])(
  'a column is hidden exactly when it does not fit beside the more important columns that are shown',
  (widths, width) => {
    const names = widths.map((_, i) => i)
    const total = (shown: readonly number[]) => shown.reduce((sum, name) => sum + widths[name]!, 0)
    const shown = columnsThatFit(names, (chosen) => total(chosen) <= width)
    expect(total(shown)).toBeLessThanOrEqual(width)
    for (const name of names) {
      const before = shown.filter((other) => other < name)
      expect(shown.includes(name)).toBe(total([...before, name]) <= width)
    }
  },
)

test('a column that makes another one narrower lets a more important one back in', () => {
  // `b` shortens what `a` needs, as the column `quota` shortens the name of an optimum.
  const fit = (shown: readonly string[]) => !shown.includes('a') || shown.includes('b')
  expect(columnsThatFit(['a', 'b'], fit)).toEqual(['b', 'a'])
})
