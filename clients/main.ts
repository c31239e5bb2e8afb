import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runBatches } from './batch.ts'
import { clients, sdks } from './clients.ts'
import { measureClients } from './measure.ts'
import { runPrograms } from './program.ts'
import { render } from './render.ts'
import type { Results } from './results.ts'

// `npm run clients` runs this program. It measures every client and writes reports/clients/.
const folder = resolve(import.meta.dirname, '../reports/clients')
try {
  const [measured, programs] = await Promise.all([Promise.all(clients.map(measureClients)), runPrograms()])
  // They borrow the time of the platform, so that nothing may be measured in real time meanwhile.
  const results: Results = { clients: measured, batches: await runBatches(sdks), programs }
  const undocumented = JSON.stringify(results).split('not as documented').length - 1
  if (undocumented > 0)
    console.warn(`${undocumented} waits were not as documented: if the machine is busy, run the command again`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(join(folder, 'report.md'), render(results))
  console.log(
    `reports/clients/report.md: ${measured.length} clients, ${programs.length} runs of the article’s programs`,
  )
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
