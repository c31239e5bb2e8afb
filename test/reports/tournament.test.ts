import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sourcesDigest } from '../../lab/origin.ts'
import { readTournament, tournamentFile } from '../../lab/tournament/read-tournament.ts'
import { worldsSeed } from '../../lab/tournament/seed.ts'
import type { Tournament } from '../../src/compare/tournament/tournament.ts'
import { markdownTournament } from '../../src/report/tournament/markdown-tournament.ts'

const folder = resolve(import.meta.dirname, '../../reports/tournament')
const path = join(folder, tournamentFile)

async function committed(): Promise<Tournament> {
  const found = await readTournament(path)
  if (typeof found === 'object') return found.tournament
  throw new Error(`Expected ${path} to be a tournament, got one that is ${found}: run npm run tournament`)
}

describe.skipIf(!existsSync(path))('the committed tournament', () => {
  test('is complete, and its report is made from it', async () => {
    const tournament = await committed()
    expect(tournament.worlds.length).toBe(tournament.facts.worlds)
    const isCurrent =
      markdownTournament(tournament, 'npm run tournament') === readFileSync(join(folder, 'report.md'), 'utf8')
    expect(isCurrent, 'reports/tournament/report.md is out of date: run npm run tournament').toBe(true)
  })

  test('is of the committed seed, and of strategies that have not changed since', async () => {
    const { worldsSeed: seed, origin } = (await committed()).facts
    const remedy = 'strategies have changed: choose another seed in lab/tournament/seed.ts and run npm run tournament'
    expect([seed, origin.strategies], remedy).toEqual([worldsSeed, sourcesDigest(['src/strategies'])])
  })
})
