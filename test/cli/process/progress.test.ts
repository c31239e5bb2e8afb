import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { progressDisplay, progressOutput } from '../../../cli/process/progress.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'

/** A run that ends: how long after the one before it, in milliseconds. */
type Gaps = readonly number[]

/** Returns what a study writes whose runs end after these gaps in virtual time. */
async function written(gaps: Gaps, rewritableWidth?: number): Promise<string[]> {
  const clock = virtualClock()
  const texts: string[] = []
  const output = { write: (text: string) => void texts.push(text), ...(rewritableWidth && { rewritableWidth }) }
  const progress = progressDisplay(gaps.length, clock, output)
  await clock.run(
    (async () => {
      for (const [i, gap] of gaps.entries()) {
        await clock.sleep(gap)
        progress.update(i + 1)
      }
    })(),
  )
  progress.clear()
  return texts
}

function even(runs: number, gap: number): Gaps {
  return Array.from({ length: runs }, () => gap)
}

const anyGaps = fc.array(fc.oneof(fc.nat(50), fc.nat(5000)), { minLength: 1, maxLength: 200 })

describe('without a terminal', () => {
  test('there is a line every 10 %, with the time left', async () => {
    expect(await written(even(200, 100))).toEqual([
      '10 %: 20 of 200 runs, 2 s elapsed, about 18 s left\n',
      '20 %: 40 of 200 runs, 4 s elapsed, about 16 s left\n',
      '30 %: 60 of 200 runs, 6 s elapsed, about 14 s left\n',
      '40 %: 80 of 200 runs, 8 s elapsed, about 12 s left\n',
      '50 %: 100 of 200 runs, 10 s elapsed, about 10 s left\n',
      '60 %: 120 of 200 runs, 12 s elapsed, about 8 s left\n',
      '70 %: 140 of 200 runs, 14 s elapsed, about 6 s left\n',
      '80 %: 160 of 200 runs, 16 s elapsed, about 4 s left\n',
      '90 %: 180 of 200 runs, 18 s elapsed, about 2 s left\n',
    ])
  })

  test.prop([fc.array(fc.nat(9), { minLength: 1, maxLength: 200 })])(
    'a study of less than 2 s has no line',
    async (gaps) => {
      expect(await written(gaps)).toEqual([])
    },
  )

  test.prop([anyGaps])(
    'any study has at most 9 lines, one for each tenth, without control characters',
    async (gaps) => {
      const lines = await written(gaps)
      const tenths = lines.map((line) => Math.floor(Number(/^\d+/.exec(line)![0]) / 10))
      expect(tenths).toEqual([...new Set(tenths)].sort())
      expect(tenths.every((tenth) => tenth >= 1 && tenth <= 9)).toBe(true)
      for (const line of lines) expect(line).toMatch(/^\P{Cc}+\n$/u)
    },
  )
})

describe('on a terminal', () => {
  test('one line is written again, and is removed at the end', async () => {
    const texts = await written(even(4, 1000), 80)
    expect(texts).toEqual([
      '\r█████░░░░░░░░░░░░░░░ 25 % · 1 of 4 runs · 1 s elapsed\x1b[K',
      '\r██████████░░░░░░░░░░ 50 % · 2 of 4 runs · 2 s elapsed · about 2 s left\x1b[K',
      '\r███████████████░░░░░ 75 % · 3 of 4 runs · 3 s elapsed · about 1 s left\x1b[K',
      '\r████████████████████ 100 % · 4 of 4 runs · 4 s elapsed · about 0 s left\x1b[K',
      '\r\x1b[K',
    ])
  })

  test.prop([anyGaps, fc.integer({ min: 30, max: 100 })])(
    'the line leaves the last column free at any width',
    async (gaps, width) => {
      for (const text of await written(gaps, width)) {
        expect(text.startsWith('\r') && text.endsWith('\x1b[K')).toBe(true)
        const line = text.slice(1, -3)
        expect(line).toMatch(/^\P{Cc}*$/u)
        expect(line.length).toBeLessThan(width)
      }
    },
  )

  test('the line is written at most every 100 ms', async () => {
    // 1,000 runs in a second: the first, then one every 100 ms, the last, and the removal.
    expect((await written(even(1000, 1), 80)).length).toBeLessThanOrEqual(13)
  })
})

describe('the output', () => {
  const stream = { isTTY: true, columns: 60, write: () => {} }

  test.each([
    ['a terminal', stream, {}, 60],
    ['a terminal that gives 0 columns', { ...stream, columns: 0 }, {}, 80],
    ['a terminal that gives 0 columns, with COLUMNS', { ...stream, columns: 0 }, { COLUMNS: '50' }, 50],
    ['a dumb terminal', stream, { TERM: 'dumb' }, undefined],
    ['no terminal', { write: () => {} }, { COLUMNS: '50' }, undefined],
  ])('for %s', (_, stream, environment, width) => {
    expect(progressOutput(stream, environment).rewritableWidth).toBe(width)
  })
})
