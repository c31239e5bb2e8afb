import type { Tournament } from '../../../../src/compare/tournament/tournament.ts'

/** A tournament with made figures: the efficiency of each contestant in each world, the same on both seeds. */
export function madeTournament(figures: Readonly<Record<string, readonly number[]>>): Tournament {
  const ids = Object.keys(figures)
  const numbers = Object.values(figures)[0]!.map((_, i) => i + 1)
  return {
    facts: {
      origin: { version: '1.2.3', code: 'c0de', strategies: '57a7', input: '1d' },
      worldsSeed: 7,
      worlds: numbers.length,
      seeds: [1, 2],
      contestants: ids.map((id) => ({ id, about: `About ${id}.` })),
    },
    worlds: numbers.map((number) => ({
      number,
      title: `10 calls at once in world ${number}`,
      rows: ids.map((id) => {
        const value = figures[id]![number - 1]!
        return { id, efficiency: [value, value], attempts: 1 + number / 10 }
      }),
    })),
  }
}
