import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { runBatches } from '../../clients/batch.ts'
import { sdks } from '../../clients/clients.ts'
import type { Results } from '../../clients/results.ts'

test('the batches of reports/clients are those that the SDKs and the strategies make now', async () => {
  const path = resolve(import.meta.dirname, '../../reports/clients/report.json')
  const { batches }: Results = JSON.parse(readFileSync(path, 'utf8'))
  expect(await runBatches(sdks), 'reports/clients is out of date: run npm run clients').toEqual(batches)
})
