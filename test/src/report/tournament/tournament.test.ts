import { describe, expect, test } from 'vitest'
import type { Tournament } from '../../../../src/compare/tournament/tournament.ts'
import { jsonTournament } from '../../../../src/report/tournament/json-tournament.ts'
import { markdownTournament } from '../../../../src/report/tournament/markdown-tournament.ts'
import { terminalTournament } from '../../../../src/report/tournament/terminal-tournament.ts'
import { madeTournament } from '../../compare/tournament/made-tournament.ts'

const made = madeTournament({
  'retry-pace': [0.9, 0.92, 0.95, 0.91, 0.97, 0.93],
  queue: [0.88, 0.93, 0.92, 0.9, 0.93, 0.92],
  none: [0.5, 0.2, 0.6, 0.7, 0.1, 0.4],
})
const markdown = (tournament: Tournament) => markdownTournament(tournament, 'npm run tournament')

describe('the report of a tournament', () => {
  test('is this in Markdown', async () => {
    await expect(markdown(made)).toMatchFileSnapshot('../../../golden/files/tournament.md')
  })

  test.each([120, 60, 30])('is this on a terminal of %i columns', async (width) => {
    const text = terminalTournament(made, width)
    expect(text.split('\n').every((line) => line.length <= width)).toBe(true)
    await expect(text).toMatchFileSnapshot(`../../../golden/files/tournament-${width}.txt`)
  })

  test('is the tournament itself in JSON', () => {
    expect(JSON.parse(jsonTournament(made))).toEqual({ schema: 'ratelab.tournament/1', ...made })
  })

  test('says that only a part has been run, and names who failed', () => {
    const [first] = made.worlds
    const failed = [{ id: 'mine', message: 'Line 3\nis wrong <b>' }]
    const part = { facts: made.facts, worlds: [{ ...first!, failed }] }
    expect(markdown(part)).toContain('Only 1 of the worlds have been run. There are too few worlds for ranks.')
    expect(markdown(part)).toContain('**`mine` failed in world 1** and has no standing. Line 3 is wrong &lt;b>')
    expect(terminalTournament(part, 80)).toContain('There are too few worlds for ranks.')
  })

  test('is complete when nobody has a standing', () => {
    const nobody = { facts: made.facts, worlds: made.worlds.map((each) => ({ ...each, rows: [] })) }
    expect(markdown(nobody)).toContain('| 6 |  |  | 10 calls at once in world 6 |')
    expect(terminalTournament(nobody, 80)).toContain('strategy')
  })

  test('shows names and titles of strangers as they are', () => {
    const [first, ...others] = made.worlds
    const hostile = {
      facts: { ...made.facts, contestants: made.facts.contestants.map((each) => ({ ...each, about: '' })) },
      worlds: [{ ...first!, title: 'a | b <script> \u001b[31m' }, ...others],
    }
    expect(markdown(hostile)).toContain('a \\| b &lt;script>')
    expect(markdown(hostile)).not.toContain('\u001b')
  })
})
