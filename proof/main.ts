import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { prepareStudy } from '../lab/study.ts'
import { renderSheet } from './render.ts'
import { type ProofPart, proofPart } from './sheet.ts'

// `npm run proof` runs this program. It measures the recommended strategies again and writes reports/recommended/.
// `--seeds n` and `--out folder` are for a quick look.
const scenarios = ['field', 'burst', 'steady', 'fleet']
const strategies = ['recommended', 'tide', 'retry-pace', 'retry-full']
const reports = resolve(import.meta.dirname, '../reports/recommended')

try {
  const { values } = parseArgs({
    options: { seeds: { type: 'string', default: '20' }, out: { type: 'string', default: reports } },
  })
  const sheet: ProofPart[] = []
  for (const scenario of scenarios) {
    const { study, cells } = await (await prepareStudy(scenario, { strategies, seeds: Number(values.seeds) })).run()
    if (study.failed) throw new Error(study.failed.map(({ id, message }) => `${id}: ${message}`).join('\n'))
    sheet.push(proofPart({ study, cells }))
    console.log(`${scenario}: ${cells.length} runs`)
  }
  mkdirSync(values.out, { recursive: true })
  writeFileSync(join(values.out, 'report.json'), `${JSON.stringify(sheet, null, 2)}\n`)
  writeFileSync(join(values.out, 'report.md'), renderSheet(sheet))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
