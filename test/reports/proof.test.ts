import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readTournament, tournamentFile } from '../../lab/tournament/read-tournament.ts'
import { drawnPart } from '../../proof/drawn-worlds.ts'
import { renderSheet } from '../../proof/render.ts'
import type { ProofSheet } from '../../proof/sheet.ts'
import { scratchFolder } from '../scratch-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, 'reports/recommended')
const { scratch: out } = scratchFolder('proof')
const textIn = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8')
const sheet: ProofSheet = JSON.parse(textIn(folder, 'report.json'))
const stale = 'reports/recommended is out of date: run npm run proof'

describe('the committed proof sheet', () => {
  test('is the rendering of its data', () => {
    expect(renderSheet(sheet) === textIn(folder, 'report.md'), stale).toBe(true)
  })

  test('has the figures of the committed tournament', async () => {
    const stored = await readTournament(join(root, 'reports/tournament', tournamentFile))
    if (typeof stored === 'string') throw new Error(`The committed tournament is ${stored}`)
    const strategies = sheet.drawn.rows.map(({ strategy }) => strategy)
    expect(drawnPart(stored.tournament, strategies), stale).toEqual(sheet.drawn)
  })

  test('is the same as the one that the code writes now', { timeout: 900_000 }, ({ skip }) => {
    if (!process.env.RATELAB_LONG) skip('it takes minutes: npm run check:long runs it')
    const args = ['--no-async-context-frame', 'proof/main.ts', '--out', out]
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    for (const file of ['report.json', 'report.md'])
      expect(textIn(out, file) === textIn(folder, file), stale).toBe(true)
  })
})
