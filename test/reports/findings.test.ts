import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readSensitivity } from '../../lab/read-sensitivity.ts'
import type { Sensitivity } from '../../src/compare/sensitivity/sensitivity.ts'
import { markdownSensitivity } from '../../src/report/sensitivity/markdown-sensitivity.ts'
import { sensitivity } from '../golden/sensitivity.ts'
import { type FindingSource, findingsIn, findingText, switchesBehind, withFindings } from './findings.ts'

const root = resolve(import.meta.dirname, '../..')
const out = mkdtempSync(join(tmpdir(), 'ratelab-findings-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))

const documents = globSync(['README.md', 'docs/*.md'], { cwd: root })
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
const folders = readdirSync(join(root, 'reports')).filter((name) => name !== 'clients')
const sources = new Map<string, FindingSource>()
for (const name of folders) {
  const stored = await readSensitivity(join(root, 'reports', name, 'sensitivity.json'))
  sources.set(name, { report: JSON.parse(textOf(`reports/${name}/report.json`)), sensitivity: stored })
}
const stored = [...sources].flatMap(([name, { sensitivity }]) => (sensitivity ? [[name, sensitivity] as const] : []))

function sourceOf(folder: string): FindingSource {
  const source = sources.get(folder)
  if (source) return source
  throw new Error(`Expected a finding to name one of the folders ${folders.join(', ')} of reports/, got ${folder}`)
}

describe('findings in documents', () => {
  test('there are some', () => {
    expect(findingsIn(textOf('README.md')).length).toBeGreaterThan(2)
  })

  test.each(documents)('%s says what the committed reports say; `npm run findings` writes it', async (path) => {
    await expect(withFindings(textOf(path), sourceOf)).toMatchFileSnapshot(join(root, path))
  })
})

test.each(stored)('reports/%s/sensitivity.md is that of sensitivity.json', (name, own) => {
  const checkout = { sensitivityCommand: 'npm run sensitivity', hasCharts: true } as const
  const isCurrent = markdownSensitivity(own, checkout) === textOf(`reports/${name}/sensitivity.md`)
  expect(isCurrent, `run npm run sensitivity ${name}`).toBe(true)
})

/** Runs the sensitivity of a scenario again for some of its switches. */
function again(name: string, switches: readonly string[]): Sensitivity {
  const trace = name === 'replay' ? ['--trace', process.env.RATELAB_TRACE!] : []
  const args = ['cli/main.js', 'sensitivity', name, '--json', '--out', out, '--switches', switches.join(','), ...trace]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}

test.for(stored)(
  'what turns a finding of reports/%s round still does',
  { timeout: 300_000 },
  ([name, own], { skip }) => {
    const switches = [...new Set(documents.flatMap((path) => switchesBehind(textOf(path), name, own)))]
    if (switches.length === 0) skip('no switch turns a finding of this folder round')
    if (name === 'replay' && !process.env.RATELAB_TRACE) skip('RATELAB_TRACE does not name the recorded trace')
    const { conclusions, alternatives } = again(name, switches)
    const remedy = `reports/${name}/sensitivity.json is out of date: run npm run sensitivity ${name}, then npm run findings`
    expect(conclusions, remedy).toEqual(own.conclusions)
    expect(alternatives, remedy).toEqual(own.alternatives.filter((each) => switches.includes(each.switch)))
  },
)

describe('the text of a finding', () => {
  const strategies = [{ id: 'article-backoff', metrics: { success: { value: 0.9996 } } }]
  const report = { cases: [{ name: 'within-the-minute', title: '300 calls at once', strategies }] }
  const text = (source: FindingSource) => findingText(source, 'made', 'within-the-minute', 'article-backoff')
  const start = '300 calls at once: `article-backoff` answers >99.9 % of the calls.'

  test('has the figure of the report, and the switch that turns it round', () => {
    expect(text({ report })).toBe(start)
    expect(text({ report, sensitivity })).toBe(
      `${start} This rests on \`rejectsCount=false\`: under \`rejectsCount=true\` it answers 2.8 %.`,
    )
    const [window] = sensitivity.alternatives
    expect(text({ report, sensitivity: { ...sensitivity, alternatives: [window!] } })).toBe(
      `${start} None of 1 other values of switches turns that round.`,
    )
  })

  test('takes the place of any other text between its comments', () => {
    const document = (between: string) =>
      `a\n<!-- finding made within-the-minute article-backoff -->\n${between}\n<!-- /finding -->\nb\n`
    const source = { report, sensitivity }
    expect(withFindings(document('anything\nat all'), () => source)).toBe(document(text(source)))
    expect(findingsIn(document(''))).toEqual([
      { folder: 'made', case: 'within-the-minute', strategy: 'article-backoff' },
    ])
    expect(switchesBehind(document(''), 'made', sensitivity)).toEqual(['rejectsCount'])
    expect(switchesBehind(document(''), 'other', sensitivity)).toEqual([])
  })

  test('is an error where the report has no such strategy', () => {
    expect(() => findingText({ report }, 'made', 'within-the-minute', 'none')).toThrow(
      'Expected reports/made to have the strategy none in the case within-the-minute',
    )
  })
})
