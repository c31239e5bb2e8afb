import { describe, expect, test } from 'vitest'
import { tournamentFormat, tournamentShape } from '../../../../src/compare/tournament/tournament-shape.ts'
import { madeTournament } from './made-tournament.ts'

const made = { schema: tournamentFormat, ...madeTournament({ a: [0.9, 0.8], b: [0.7, 0.6] }) }
const [first, second] = made.worlds
const withRow = (row: object) => ({ ...made, worlds: [{ ...first!, rows: [{ ...first!.rows[0]!, ...row }] }] })

describe('the shape of tournament.json', () => {
  test.each([[made], [{ ...made, worlds: [first] }], [{ ...made, worlds: [] }]])('fits a tournament', (value) => {
    expect(tournamentShape('', value)).toEqual([])
  })

  test.each<[object | null | string, RegExp]>([
    [null, /to be an object/],
    ['text', /to be an object/],
    [{ ...made, schema: 'ratelab.tournament/0' }, /`schema`/],
    [{ ...made, worlds: [second] }, /`worlds\[0\]\.number` to be .*1, got 2/],
    [{ ...made, worlds: [first, second, { ...first!, number: 3 }] }, /`worlds\.length` to be .*2, got 3/],
    [withRow({ id: 'c' }), /`worlds\[0\]\.rows\[0\]\.id`.*"c"/],
    [withRow({ efficiency: [0.9] }), /`worlds\[0\]\.rows\[0\]\.efficiency\.length`/],
    [withRow({ efficiency: [0.9, Number.NaN] }), /`worlds\[0\]\.rows\[0\]\.efficiency\[1\]`/],
    [withRow({ attempts: -1 }), /`worlds\[0\]\.rows\[0\]\.attempts`/],
    [{ ...made, facts: { ...made.facts, seeds: [] } }, /`facts\.seeds`/],
  ])('refuses %j', (value, message) => {
    expect(tournamentShape('', value).join('\n')).toMatch(message)
  })
})
