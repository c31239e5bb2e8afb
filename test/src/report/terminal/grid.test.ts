import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { grid, gridWidth, wrap } from '../../../../src/report/terminal/grid.ts'

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
