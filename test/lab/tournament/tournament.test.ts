import { describe, expect, test } from 'vitest'
import { prepareTournament, prepareWorld, type TournamentOptions } from '../../../lab/tournament/tournament.ts'
import type { Cell } from '../../../src/compare/raw-result.ts'
import type { Tournament } from '../../../src/compare/tournament/tournament.ts'
import { tournamentFormat, tournamentShape } from '../../../src/compare/tournament/tournament-shape.ts'
import type { OwnStrategy } from '../../../src/scenario/scenario.ts'

const small: TournamentOptions = { worlds: 2, worldsSeed: 3, seeds: 2, strategies: ['none', 'retry-pace'] }

describe('a tournament', async () => {
  const prepared = await prepareTournament(small)
  const runs: number[] = []
  const states: Tournament[] = []
  const whole = await prepared.run({
    onRun: (done) => runs.push(done),
    async onWorld(tournament) {
      states.push(tournament)
    },
  })

  test('has the figures of a study of each world', async () => {
    for (const [i, { number, title, rows }] of whole.worlds.entries()) {
      const { worlds: _, ...others } = small
      const study = await prepareWorld({ number: i + 1, ...others })
      const [chosen] = (await study.run()).comparison.cases
      expect([number, title]).toEqual([i + 1, chosen!.title])
      for (const { id, metrics, valuesBySeed } of chosen!.rows) {
        const row = rows.find((each) => each.id === id)!
        expect(row.attempts).toBeCloseTo(metrics.amplification.value, 4)
        expect(row.efficiency.length).toBe(2)
        for (const [j, value] of row.efficiency.entries()) expect(value).toBeCloseTo(valuesBySeed.efficiency[j]!, 4)
      }
    }
    expect(whole.worlds[0]!.title).not.toBe(whole.worlds[1]!.title)
  })

  test('states what its figures depend on, and has the shape of its file', () => {
    expect(whole.facts).toMatchObject({ worldsSeed: 3, worlds: 2, seeds: [1, 2] })
    expect(whole.facts.contestants.map(({ id }) => id)).toEqual(['none', 'retry-pace'])
    expect(Object.values(whole.facts.origin).every((each) => each.length > 0)).toBe(true)
    expect(tournamentShape('', { schema: tournamentFormat, ...whole })).toEqual([])
  })

  test('leaves much of what is offered within the reach of a client that knows the future', async () => {
    for (const number of [39, 44, 27, 51]) {
      // These worlds of this seed were the worst ones before guards could grow and others left something.
      const study = await prepareWorld({ number, worldsSeed: 4242, seeds: 1, strategies: ['none'] })
      const [{ optimum, summary }] = (await study.cells()).cells as [Cell]
      expect(optimum.reachable / summary.calls).toBeGreaterThan(0.3)
    }
  })

  test('counts its runs, and hands over all worlds after each of them', () => {
    expect(prepared.runsOfWorld).toBe(4)
    expect(runs).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(states).toEqual([{ ...whole, worlds: whole.worlds.slice(0, 1) }, whole])
  })

  test('goes on from known worlds, and a longer one from those of a shorter one', async () => {
    const done: number[] = []
    const { run } = await prepareTournament({ ...small, worlds: 2 })
    const again = await run({ known: whole.worlds.slice(0, 1), onRun: (each) => done.push(each) })
    expect(again).toEqual(whole)
    expect(done).toEqual([1, 2, 3, 4])
  })

  test('goes on without a strategy that fails, and names it', async () => {
    const fragile: OwnStrategy = {
      name: 'fragile',
      wrap: () => () => {
        throw new Error('It breaks.')
      },
    }
    const { run } = await prepareTournament({ ...small, worlds: 1, strategies: ['none', fragile] })
    const [world] = (await run()).worlds
    expect(world!.rows.map(({ id }) => id)).toEqual(['none'])
    expect(world!.failed).toMatchObject([{ id: 'fragile', message: expect.stringContaining('It breaks.') }])
  })

  test('ends when its signal aborts', async () => {
    const controller = new AbortController()
    const onRun = (done: number) => done === 5 && controller.abort(new Error('enough'))
    await expect(prepared.run({ signal: controller.signal, onRun })).rejects.toThrow('enough')
  })

  test('refuses wrong strategies before anything runs', async () => {
    await expect(prepareTournament({ ...small, strategies: ['retri-pace'] }, '--')).rejects.toThrow(
      /`--strategies\[0\]`.*"retri-pace"/,
    )
  })
})
