import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { claims } from '../../clients/claims.ts'
import { render } from '../../clients/render.ts'
import type { Results } from '../../clients/results.ts'

const folder = resolve(import.meta.dirname, '../../reports/clients')
const json = readFileSync(`${folder}/report.json`, 'utf8')
const results: Results = JSON.parse(json)

describe('reports/clients', () => {
  test('the Markdown report is the rendering of the data', () => {
    const isCurrent = render(results) === readFileSync(`${folder}/report.md`, 'utf8')
    expect(isCurrent, 'reports/clients/report.md is out of date: run npm run clients').toBe(true)
  })

  test('the data hold no port, no id and no time of day', () => {
    expect(json).not.toMatch(/127\.0\.0\.1|[0-9a-f]{8}-[0-9a-f]{4}|20\d\d-\d\d-\d\d|180000000/)
  })

  test('a claim with which the results disagree is listed as such', () => {
    const { clients, ...others } = results
    const once = clients.map((client) => ({
      ...client,
      rows: client.rows.map((row) => ({ ...row, attempts: row.attempts.slice(0, 1) })),
    }))
    const refuted = claims.filter((claim) => !claim.check({ clients: once, ...others }).holds)
    expect(refuted.map(({ about }) => about)).toContain('openai-node')
    expect(render({ clients: once, ...others })).toContain('### Otherwise than expected')
  })
})
