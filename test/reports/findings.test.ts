import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scenarioNames } from '../../lab/load-scenario.ts'
import { readSensitivity } from '../../lab/read-sensitivity.ts'
import type { Sensitivity } from '../../src/compare/sensitivity/sensitivity.ts'
import { markdownSensitivity } from '../../src/report/sensitivity/markdown-sensitivity.ts'
import { sensitivity } from '../golden/sensitivity.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { type FindingSource, findingsIn, findingText, switchesBehind, withFindings, withOverviews } from './findings.ts'

const root = resolve(import.meta.dirname, '../..')
const { scratch: out } = scratchFolder('findings')

const documents = globSync(['README.md', 'docs/*.md'], { cwd: root })
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
/** The scenarios whose reports are committed. A checkout may have folders of other runs beside them. */
const folders = scenarioNames().filter((name) => existsSync(join(root, 'reports', name, 'report.json')))
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
    const text = withOverviews(withFindings(textOf(path), sourceOf), (folder) => textOf(`reports/${folder}/report.md`))
    await expect(text).toMatchFileSnapshot(join(root, path))
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

describe('what the README says in its own words of the committed reports', () => {
  const casesOf = (folder: string) => JSON.parse(textOf(`reports/${folder}/report.json`)).cases
  const row = (folder: string, name: string, id: string) => {
    const { strategies } = casesOf(folder).find((each: { name: string }) => each.name === name)
    return strategies.find((each: { id: string }) => each.id === id)
  }

  test('callers with backoff have given up after 40 s, and all that is reachable takes 3 min 40 s', () => {
    const { metrics, reachable } = row('burst', 'batch', 'article-backoff')
    expect(Math.round(metrics.makespan_ms.value / 1000)).toBe(40)
    expect(Math.round(reachable.makespan_ms.value / 10_000)).toBe(22)
  })

  test('the quotas of three accounts and of a pool could answer the burst', () => {
    const waits = ['article-rotation-accounts', 'article-proxy'].map((id) => row('burst', 'batch', id).reachable)
    expect(waits.map(({ wait_p95_ms }) => Math.round(wait_p95_ms.value / 1000))).toEqual([68, 43])
  })

  test('three keys of one account are worth one', () => {
    for (const [folder, name] of [
      ['burst', 'batch'],
      ['burst', 'within-the-minute'],
      ['steady', 'below-quota'],
      ['steady', 'double-quota'],
    ] as const)
      expect(row(folder, name, 'bare-rotation').metrics).toEqual(row(folder, name, 'none').metrics)
  })

  test('half of the quota that a fallback uses belongs to other models', () => {
    const { elsewhere } = row('steady', 'double-quota', 'article-fallback').metrics
    expect(elsewhere.value).toBeCloseTo(0.5, 1)
  })

  test('no attempt of the burst exceeds the limit of the minute', () => {
    const denied = casesOf('burst').flatMap(({ strategies }: { strategies: { denied_by: { rpm: number } }[] }) =>
      strategies.map(({ denied_by }) => denied_by.rpm),
    )
    expect(new Set(denied)).toEqual(new Set([0]))
  })

  test('even spacing leads both bursts', () => {
    expect(['batch', 'within-the-minute'].map((name) => row('burst', name, 'retry-pace').rank)).toEqual([1, 1])
  })

  test('the field has 39 strategies, of which two are the article’s', () => {
    const { strategies } = casesOf('field')[0]
    const solutions = strategies.filter(({ solution }: { solution: number | null }) => solution !== null)
    expect([strategies.length, solutions.length]).toEqual([39, 2])
  })

  test('a raise of every limit helps who asks again, and one of tokens nobody', () => {
    expect(row('burst', 'raised', 'retry-equal').rank).toBe(1)
    const success = (name: string, id: string) => row('burst', name, id).metrics.success.value
    for (const id of ['queue', 'retry-equal', 'retry-pace'])
      expect(success('raised-tokens', id)).toBeCloseTo(success('batch', id), 2)
  })
})

test('a table of all cases together is that of the report, formatted', () => {
  const table = '| strategy | mean |\n| --- | --: |\n| `none` | 1 % |\n'
  const report = `# Title\n\n## All cases together\n\nA sentence.\n\n${table}\n- more\n\n| another |\n`
  const document = (between: string) => `a\n<!-- overview field -->\n${between}<!-- /overview -->\nb\n`
  const formatted = '\n| strategy | mean |\n| -------- | ---: |\n| `none`   |  1 % |\n\n'
  expect(withOverviews(document('anything\n'), () => report)).toBe(document(formatted))
  expect(() => withOverviews(document(''), () => '# Title\n')).toThrow('reports/field/report.md')
})

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
