import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { prepareStudy } from '../lab/study.ts'
import { readTournament, tournamentFile } from '../lab/tournament/read-tournament.ts'
import { drawnPart } from './drawn-worlds.ts'
import { renderSheet } from './render.ts'
import { type ProofPart, type ProofSheet, proofPart } from './sheet.ts'

// `npm run proof` runs this program. It measures the recommended strategies again and writes reports/recommended/.
// `--seeds n` and `--out folder` are for a quick look.
// The part of the drawn worlds comes from the committed tournament.
const studies: readonly { readonly scenario: string; readonly profile?: string }[] = [
  { scenario: 'field' },
  { scenario: 'burst' },
  { scenario: 'burst', profile: 'cn-beijing' },
  { scenario: 'steady' },
  { scenario: 'fleet' },
]
const strategies = ['recommended', 'tide', 'retry-pace', 'retry-full']
const reports = resolve(import.meta.dirname, '../reports')
const tournamentPath = join(reports, 'tournament', tournamentFile)

try {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      out: { type: 'string', default: join(reports, 'recommended') },
    },
  })
  const stored = await readTournament(tournamentPath)
  if (typeof stored === 'string')
    throw new Error(`Expected ${tournamentPath} to be a tournament, got one that is ${stored}: run npm run tournament`)
  const parts: ProofPart[] = []
  for (const { scenario, ...options } of studies) {
    const prepared = await prepareStudy(scenario, { ...options, strategies, seeds: Number(values.seeds) })
    const { study, cells } = await prepared.run()
    if (study.failed) throw new Error(study.failed.map(({ id, message }) => `${id}: ${message}`).join('\n'))
    parts.push(proofPart({ study, cells }))
    console.log(`${scenario}, ${study.profile.name}: ${cells.length} runs`)
  }
  const sheet: ProofSheet = { parts, drawn: drawnPart(stored.tournament, strategies) }
  mkdirSync(values.out, { recursive: true })
  writeFileSync(join(values.out, 'report.json'), `${JSON.stringify(sheet, null, 2)}\n`)
  writeFileSync(join(values.out, 'report.md'), renderSheet(sheet))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
