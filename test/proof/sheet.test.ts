import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { drawnPart } from '../../proof/drawn-worlds.ts'
import { renderSheet } from '../../proof/render.ts'
import { proofPart } from '../../proof/sheet.ts'
import { type Figures, madeResult } from '../golden/made-result.ts'
import { madeTournament } from '../src/compare/tournament/made-tournament.ts'

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

  test('keeps the other options of its study in the commands of the worst worlds', () => {
    const changed = ['--profile cn-beijing', '--strategies tide,other', '--seeds 2']
    const [tide] = proofPart(madeResult(made, { study: { changed } })).totals
    expect(tide!.command).toContain(' -- --profile cn-beijing --strategies tide --seeds 1 --seed 2')
  })
})

describe('the part of the drawn worlds', () => {
  const tournament = madeTournament({ other: [0.5, 0.2], tide: [0.9, 0.8], third: [1, 1] })

  test('has the mean and the least world of each strategy, in the order that is asked for', () => {
    expect(drawnPart(tournament, ['tide', 'other', 'absent'])).toMatchObject({
      worlds: 2,
      rows: [
        { strategy: 'tide', share: expect.closeTo(0.85), leastShare: 0.8, worst: 2 },
        { strategy: 'other', share: 0.35, leastShare: 0.2, worst: 2 },
      ],
    })
  })

  test('is in the sheet, before the scenarios', async () => {
    const parts = [proofPart(madeResult(made, { study: { changed: ['--strategies tide,other', '--seeds 2'] } }))]
    const sheet = renderSheet({ parts, drawn: drawnPart(tournament, ['tide', 'other']) })
    await expect(sheet).toMatchFileSnapshot('../golden/files/proof-sheet.md')
  })
})
