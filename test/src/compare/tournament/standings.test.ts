import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { standingsOf } from '../../../../src/compare/tournament/standings.ts'
import { madeTournament } from './made-tournament.ts'

/** The two-sided p-value of Student's t with 5 degrees of freedom, for which the distribution has a closed form. */
function pOf5(t: number): number {
  const angle = Math.atan(Math.abs(t) / Math.sqrt(5))
  return 1 - (2 / Math.PI) * (angle + Math.sin(angle) * (Math.cos(angle) + (2 / 3) * Math.cos(angle) ** 3))
}

/** The statistic of the paired t-test, from the sums of the differences and of their squares. */
function tOf(a: readonly number[], b: readonly number[]): number {
  const differences = a.map((value, i) => value - b[i]!)
  const [sum, squares] = [1, 2].map((power) => differences.reduce((total, each) => total + each ** power, 0))
  const n = differences.length
  return sum! / n / Math.sqrt((squares! - sum! ** 2 / n) / (n - 1) / n)
}

const good = [0.9, 0.92, 0.95, 0.91, 0.97, 0.93]
const fair = [0.88, 0.93, 0.92, 0.9, 0.93, 0.92]
const poor = [0.5, 0.2, 0.6, 0.7, 0.1, 0.4]

describe('the standings of a tournament', () => {
  const standings = standingsOf(madeTournament({ poor, good, fair }))
  const [first, second, third] = standings

  test('have the mean, the median, the least and its world, and the attempts over the worlds', () => {
    expect(standings.map(({ id }) => id)).toEqual(['good', 'fair', 'poor'])
    expect(third).toMatchObject({ median: 0.4, least: 0.1, worstWorld: 5, leastRun: 0.1, efficiency: poor })
    expect(third!.mean).toBeCloseTo(2.5 / 6, 12)
    expect(third!.attempts).toBeCloseTo(1.35, 12)
  })

  test('count wins and losses by half a percentage point', () => {
    expect(first!.against.map(({ wins, losses }) => [wins, losses])).toEqual([
      [0, 0],
      [5, 1],
      [6, 0],
    ])
    expect(second!.against[0]).toMatchObject({ wins: 1, losses: 5 })
  })

  test('have p-values that Holm’s method corrects over all pairs', () => {
    const [a, b, c] = [pOf5(tOf(good, fair)), pOf5(tOf(good, poor)), pOf5(tOf(fair, poor))]
    // By hand: the least p-value counts three times, the next one twice, and none counts less than the one before it.
    expect(b).toBeLessThan(c)
    expect(c).toBeLessThan(a)
    expect(first!.against[2]!.p).toBeCloseTo(3 * b, 10)
    expect(second!.against[2]!.p).toBeCloseTo(Math.max(3 * b, 2 * c), 10)
    expect(first!.against[1]!.p).toBeCloseTo(Math.max(3 * b, 2 * c, a), 10)
    expect(first!.against[1]!.p).toBe(second!.against[0]!.p)
    expect(first!.against[0]!.p).toBeNaN()
  })

  test('rank by the number of strategies that are better beyond chance', () => {
    expect(first!.against[1]!.p).toBeGreaterThan(0.05)
    expect(second!.against[2]!.p).toBeLessThan(0.05)
    expect(standings.map(({ rank }) => rank)).toEqual([1, 1, 3])
  })

  test('have no ranks with fewer than six worlds', () => {
    const few = madeTournament({ good: good.slice(1), poor: poor.slice(1) })
    expect(standingsOf(few).map(({ rank }) => rank)).toEqual([Number.NaN, Number.NaN])
  })

  test('leave out a contestant that failed in a world', () => {
    const { facts, worlds } = madeTournament({ good, fair })
    const rows = worlds[3]!.rows.filter(({ id }) => id !== 'good')
    const failed = [{ id: 'good', message: 'It breaks.' }]
    const some = worlds.map((each, i) => (i === 3 ? { ...each, rows, failed } : each))
    expect(standingsOf({ facts, worlds: some }).map(({ id }) => id)).toEqual(['fair'])
    expect(standingsOf({ facts, worlds: [] })).toEqual([])
  })

  test('take the median over the seeds in a world, and the least of all runs', () => {
    const { facts, worlds } = madeTournament({ good })
    const seeds = [1, 2, 3]
    const uneven = worlds.map((each) => ({ ...each, rows: [{ id: 'good', efficiency: [0.9, 0.2, 0.8], attempts: 1 }] }))
    expect(standingsOf({ facts: { ...facts, seeds }, worlds: uneven })[0]).toMatchObject({
      efficiency: [0.8, 0.8, 0.8, 0.8, 0.8, 0.8],
      leastRun: 0.2,
      worstWorld: 1,
    })
  })

  const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100)
  const figures = fc.integer({ min: 1, max: 9 }).chain((worlds) =>
    fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.array(share, { minLength: worlds, maxLength: worlds }), {
      minKeys: 1,
      maxKeys: 5,
    }),
  )
  test.prop([figures])('say of a pair from both sides the same', (made) => {
    const all = standingsOf(madeTournament(made))
    expect(all.length).toBe(Object.keys(made).length)
    for (const [i, { against }] of all.entries())
      for (const [j, { wins, losses, p }] of against.entries()) {
        expect(all[j]!.against[i]).toEqual({ wins: losses, losses: wins, p })
        const differences = made[all[i]!.id]!.map((value, k) => Math.round(100 * (value - made[all[j]!.id]![k]!)))
        expect(wins).toBe(differences.filter((each) => each > 0).length)
      }
  })
})
