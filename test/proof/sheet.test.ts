import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { renderSheet } from '../../proof/render.ts'
import { proofPart } from '../../proof/sheet.ts'
import { type Figures, madeResult } from '../golden/made-result.ts'

const run = (efficiency: number, amplification = 1, jain?: number) => ({
  efficiency,
  amplification,
  ...(jain !== undefined && { jain }),
})

const made: Figures = {
  first: { tide: [run(0.9, 1.1), run(0.7, 1.3)], other: [run(0.5), run(0.5)] },
  second: { tide: [run(0.8), run(1)], other: [run(0.4, 3, 0.5), run(0.6, 5, Number.NaN)] },
}

describe('a part of the proof sheet', () => {
  const part = proofPart(madeResult(made, { study: { changed: ['--strategies tide,other', '--seeds 2'] } }))

  test('has means and the least seed of each case', () => {
    expect(part.cases.map(({ rows }) => rows)).toEqual([
      [
        { strategy: 'tide', share: 0.8, leastShare: 0.7, leastSeed: 2, amplification: expect.closeTo(1.2) },
        { strategy: 'other', share: 0.5, leastShare: 0.5, leastSeed: 1, amplification: 1 },
      ],
      [
        { strategy: 'tide', share: 0.9, leastShare: 0.8, leastSeed: 1, amplification: 1 },
        { strategy: 'other', share: 0.5, leastShare: 0.4, leastSeed: 1, amplification: 4, jain: 0.5 },
      ],
    ])
  })

  test('has the worst world of each strategy, with its command', () => {
    const [tide, other] = part.totals
    expect(tide).toMatchObject({ share: expect.closeTo(0.85), leastShare: 0.7, worst: 'first', leastSeed: 2 })
    expect(tide!.command).toBe(`npm run scenario ${part.scenario} -- --strategies tide --seeds 1 --seed 2`)
    expect(other).toMatchObject({
      share: 0.5,
      leastShare: 0.4,
      amplification: 2.5,
      jain: 0.5,
      worst: 'second',
      leastSeed: 1,
    })
  })

  property.prop([
    fc.array(fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }), { minLength: 1 }),
  ])('names as the worst world one whose share no other undercuts', (shares) => {
    const figures = Object.fromEntries(
      shares.map((each, i) => [`case-${i}`, { tide: each.map((share) => run(share)) }]),
    )
    const [total] = proofPart(madeResult(figures)).totals
    const least = Math.min(...shares.flat())
    expect(total!.leastShare).toBe(least)
    expect(shares[Number(total!.worst.slice('case-'.length))]![total!.leastSeed - 1]).toBe(least)
  })

  test('is rendered with each figure and each command', () => {
    const text = renderSheet([part])
    expect(text).toContain(`\n    ${part.command}\n`)
    expect(text).toContain('\n| `tide` | 85.0 % | 70.0 % | 1.10 | – | first, seed 2 |\n')
    expect(text).toContain('\n| `other` | 50.0 % | 40.0 % | 4.00 | 0.500 |\n')
    for (const { command } of part.totals) expect(text).toContain(`\n    ${command}\n`)
  })
})

test('reports/recommended/report.md is the rendering of the data', ({ skip }) => {
  const folder = resolve(import.meta.dirname, '../../reports/recommended')
  if (!existsSync(folder)) skip('it has not been measured yet')
  const text = (name: string) => readFileSync(resolve(folder, name), 'utf8')
  const isCurrent = renderSheet(JSON.parse(text('report.json'))) === text('report.md')
  expect(isCurrent, 'reports/recommended/report.md is out of date: run npm run proof').toBe(true)
})
