import { stripVTControlCharacters } from 'node:util'
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { comparisonOf } from '../../../../src/compare/comparison.ts'
import { restsOnSentences } from '../../../../src/report/sentences/rests-on.ts'
import { textWidth } from '../../../../src/report/terminal/grid.ts'
import { terminal } from '../../../../src/report/terminal/terminal.ts'
import { anyComparison } from '../../../golden/any-comparison.ts'
import { anyStudy } from '../../../golden/any-study.ts'
import { comparison, oneSeed } from '../../../golden/comparison.ts'
import { crowded } from '../../../golden/crowded.ts'
import { sensitivity } from '../../../golden/sensitivity.ts'

const golden = '../../../golden/files'

describe('the terminal report', () => {
  test.each([200, 120, 100, 80, 60, 40])('at %i columns', async (width) => {
    await expect(terminal(comparison, { width, colour: false })).toMatchFileSnapshot(`${golden}/terminal-${width}.txt`)
  })

  test.each([100, 40])('of many strategies, with all cases together at its end, at %i columns', async (width) => {
    await expect(terminal(crowded, { width, colour: false })).toMatchFileSnapshot(
      `${golden}/terminal-crowded-${width}.txt`,
    )
  })

  test('with one seed', async () => {
    await expect(terminal(oneSeed, { width: 120, colour: false })).toMatchFileSnapshot(
      `${golden}/terminal-one-seed.txt`,
    )
  })

  test('says at its end which strategies failed', () => {
    const failed = [{ id: 'mine', message: 'It throws.\n  mine.ts:3' }]
    const text = terminal({ ...comparison, failed }, { width: 120, colour: false })
    expect(text.split('\n').slice(-3)).toEqual(['', '✗ mine failed and has no row. It throws. mine.ts:3', ''])
  })

  test.each([120, 40])('says what it rests on at its end, if that was tried, at %i columns', (width) => {
    const [bare, whole] = [undefined, sensitivity].map((each) => terminal(comparison, { width, colour: false }, each))
    expect(whole!.startsWith(bare!)).toBe(true)
    const lines = whole!.slice(bare!.length).split('\n')
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(width)
    for (const { name, title } of comparison.cases)
      expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(
        [`What it rests on: ${title}`, ...restsOnSentences(sensitivity, name).map((each) => `→ ${each}`)]
          .join(' ')
          .replaceAll('`', ''),
      )
  })

  test('in colour', async () => {
    await expect(terminal(comparison, { width: 120, colour: true })).toMatchFileSnapshot(
      `${golden}/terminal-colour.txt`,
    )
  })

  test('marks the strategies of rank 1 by a sign, and names the columns that are hidden on a narrow terminal', () => {
    const lines = terminal(comparison, { width: 80, colour: false }).split('\n')
    expect(lines.filter((line) => line.startsWith('★  1=')).map((line) => line.split(/\s+/)[2])).toEqual([
      'retry-pace',
      'queue',
      'retry-pace',
      'queue',
    ])
    expect(lines.join(' ')).toMatch(/hidden for want of width: .*attempts per call, wait p50/)
  })
})

test.prop([anyStudy, fc.boolean()])('what a file of cells says cannot command the terminal', (study, colour) => {
  const text = terminal(comparisonOf(study), { width: 100, colour })
  expect(stripVTControlCharacters(text)).not.toMatch(/(?!\n)\p{Cc}/u)
})

test.prop([anyComparison, fc.integer({ min: 30, max: 200 })])(
  'any comparison fits any width, and colour adds nothing but colour',
  (any, width) => {
    const text = terminal(any, { width, colour: false })
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
    expect(stripVTControlCharacters(text)).toBe(text)
    for (const line of text.split('\n')) {
      expect(textWidth(line)).toBeLessThanOrEqual(width)
      expect(line).toBe(line.trimEnd())
    }
    expect(stripVTControlCharacters(terminal(any, { width, colour: true }))).toBe(text)
  },
)
