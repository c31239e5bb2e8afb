import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seeded } from '../src/ratelab.ts'
import { attacks } from './kinds/kinds.ts'
import { type AttackOptions, readOptions } from './options.ts'
import { Findings } from './server/findings.ts'
import { tableHead, tableRow } from './table.ts'

/** The longest time that the probe may wait, milliseconds. It is not held against the short form, which shares its machine with other tests. */
const longestProbe = 1000

/** Runs one attack. A failure of the attack itself is a finding like others. */
async function attackWith(name: string, { minutes, seed, isShort, command }: AttackOptions): Promise<Findings> {
  const findings = new Findings()
  const folder = mkdtempSync(join(tmpdir(), `ratelab-attack-${name}-`))
  const ground = {
    seed,
    random: seeded(seed).fork(name),
    isShort,
    span: isShort ? 5000 : minutes * 60_000,
    folder,
    findings,
    command,
  }
  try {
    await attacks[name]!.run(ground)
  } catch (error) {
    findings.problem(`the attack could not go on: ${(error as Error).stack}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  if (!isShort && findings.longestWait > longestProbe)
    findings.problem(`the probe waited ${Math.round(findings.longestWait)} ms, at most ${longestProbe} are allowed`)
  return findings
}

const options = readOptions(process.argv.slice(2), attacks)
if ('text' in options) {
  if (options.exitCode === 0) console.log(options.text)
  else console.error(options.text)
  process.exitCode = options.exitCode
} else {
  console.log(`seed ${options.seed}\n${tableHead()}`)
  for (const name of options.only) {
    const findings = await attackWith(name, options)
    console.log(tableRow(name, findings))
    if (findings.problemCount > 0) process.exitCode = 1
  }
}
