import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { metricNames, sharingMetrics } from '../../../../src/compare/metric-kinds.ts'
import { metricTable } from '../../../../src/report/figures/metrics.ts'
import { markdown } from '../../../../src/report/markdown/markdown.ts'
import { restsOnSentences } from '../../../../src/report/sentences/rests-on.ts'
import { anyComparison } from '../../../golden/any-comparison.ts'
import { comparison, oneSeed } from '../../../golden/comparison.ts'
import { crowded } from '../../../golden/crowded.ts'
import { bare, checkout } from '../../../golden/installations.ts'
import { sensitivity } from '../../../golden/sensitivity.ts'

const golden = '../../../golden/files'

describe('the Markdown report', () => {
  test('of two cases', async () => {
    await expect(markdown(comparison, checkout)).toMatchFileSnapshot(`${golden}/report.md`)
  })

  test('of one seed', async () => {
    await expect(markdown(oneSeed, checkout)).toMatchFileSnapshot(`${golden}/report-one-seed.md`)
  })

  test('of many strategies: the best twelve, all cases together, and an appendix', async () => {
    await expect(markdown(crowded, bare)).toMatchFileSnapshot(`${golden}/report-crowded.md`)
  })

  test('says what it rests on after its answers, if that was tried', () => {
    const text = markdown(comparison, checkout, sensitivity)
    const section = /\n## What it rests on\n[\s\S]*?\n(?=To get these figures again)/.exec(text)![0]
    for (const { name, title } of comparison.cases) {
      expect(section).toContain(`\n- **${title}**\n`)
      for (const sentence of restsOnSentences(sensitivity, name)) expect(section).toContain(`\n  - ${sentence}\n`)
    }
    expect(text.replace(`${section.slice(1)}`, '')).toBe(markdown(comparison, checkout))
  })

  test('has the figures of each tenant where a case has tenants', () => {
    const exact = (value: number) => ({ value, low: value, high: value })
    const tenant = { name: 'a | b', calls: 12.5, success: exact(0.5), amplification: exact(1.25) }
    const [first, ...others] = comparison.cases
    const tenants = [{ ...tenant, waitP50: exact(1500), waitP95: exact(Infinity) }]
    const cases = [{ ...first!, rows: first!.rows.map((row) => ({ ...row, tenants })) }, ...others]
    const text = markdown({ ...comparison, cases }, checkout)
    expect(text).toContain(
      '\n### The tenants\n\n| strategy | tenant | calls | success | wait p50 | wait p95 | attempts/call |\n',
    )
    expect(text).toMatch(/\| `\S+` \| a \\+\| b \| 12\.5 \| 50\.0 % \| 1\.50 s \| never \| 1\.25 \|/)
    expect(markdown(comparison, checkout)).not.toContain('### The tenants')
  })

  test('says how processes share where there are several, and does not speak of it elsewhere', () => {
    const [chosen, other] = comparison.cases
    const sharing = {
      jain: { value: 0.987, low: 0.98, high: 0.99 },
      convergence: { value: Infinity, low: 8000, high: Infinity },
    }
    const rows = chosen!.rows.map((row, i) => (i === 0 ? { ...row, metrics: { ...row.metrics, ...sharing } } : row))
    const text = markdown({ ...comparison, cases: [{ ...chosen!, rows }, other!] }, checkout)
    expect(text).toContain('### How the calls are shared\n\n| strategy | Jain | convergence |')
    expect(text).toContain('| 98.7 % (98.0–99.0) | never (8.00 s–never) |')
    expect(text).toContain('- **Jain**: ')
    expect(markdown(comparison, checkout)).not.toMatch(/Jain|How the calls are shared/)
  })

  test('gives the command that makes it again', () => {
    expect(markdown(comparison, checkout)).toContain('npm run scenario burst -- --set burstGuard=false\n')
    expect(markdown({ ...comparison, changed: [] }, checkout)).toContain('npm run scenario burst\n')
    const quoted = markdown({ ...comparison, changed: ['--trace my calls.csv', '--seeds 5'] }, checkout)
    expect(quoted).toContain("npm run scenario burst -- --trace 'my calls.csv' --seeds 5\n")
  })

  test('shows texts of a stranger as they are, and quotes them for the shell', () => {
    const hostile = 'x"; rm -rf ~ `id` ``` <script>[a](b)\u001b[2J'
    const [chosen] = comparison.cases
    const rows = chosen!.rows.map((row) => ({
      ...row,
      id: hostile,
      label: hostile,
      quotaText: hostile,
      about: hostile,
    }))
    const text = markdown(
      {
        ...comparison,
        scenario: { ...comparison.scenario, given: hostile, title: hostile, question: hostile },
        profile: { ...comparison.profile, title: hostile },
        cases: [{ ...chosen!, title: hostile, rows }],
        changed: [`--strategies ${hostile}`],
        failed: [{ id: hostile, message: hostile }],
      },
      checkout,
    )
    const block = /(`{4,})sh\n(.*)\n\1/.exec(text)!
    expect(block[2]).toBe(
      `npm run scenario $'${hostile.replace('\u001b', '\\033')}' -- --strategies $'${hostile.replace('\u001b', '\\033')}'`,
    )
    const outside = text.replace(block[0], '').replace(/(`+)[^`](?:.*?[^`])??\1(?!`)/g, '')
    expect(outside).not.toMatch(/<script>|[^\\]\[a\]|(?!\n)\p{Cc}/u)
  })

  test('gives the command of the package, when the package writes it', () => {
    const text = markdown(comparison, { ...checkout, runCommand: 'npx ratelab run' })
    expect(text).toContain('```sh\nnpx ratelab run burst --set burstGuard=false\n```')
    expect(text).not.toContain('npm run')
    expect(text.replace('npx ratelab run burst', 'npm run scenario burst --')).toBe(markdown(comparison, checkout))
  })

  test('names no command where a program ran the study', () => {
    const { given: _, ...scenario } = comparison.scenario
    const text = markdown({ ...comparison, scenario }, checkout)
    expect(text).toContain('A program ran this study (`runStudy` of `ratelab/lab`)')
    expect(text).not.toContain('npm run scenario')
  })

  test('says which strategies failed, in one line each', () => {
    const failed = [{ id: 'mine', message: 'It throws.\n  mine.ts:3' }]
    const text = markdown({ ...comparison, failed }, checkout)
    expect(text).toContain('\n\n**`mine` failed and has no row.** It throws. mine.ts:3\n\n')
    expect(markdown(comparison, checkout)).not.toContain('failed and has no row')
  })

  test('links to the charts', () => {
    expect(markdown(comparison, checkout).match(/\]\((.*?)\)/g)).toEqual([
      '](charts/all-at-once-efficiency.png)',
      '](charts/all-at-once-admitted.png)',
      '](charts/all-at-once-wait.png)',
      '](charts/within-the-minute-efficiency.png)',
      '](charts/within-the-minute-admitted.png)',
      '](charts/within-the-minute-wait.png)',
    ])
  })

  test('says how to get the charts when there are none, and links to none', () => {
    const text = markdown(comparison, { ...checkout, hasCharts: false })
    expect(text).toContain(
      '`npm install @napi-rs/canvas chart.js @fontsource/inter`, then `npx ratelab report` with the folder of this file.',
    )
    expect(text).not.toContain('.png')
    expect(markdown(comparison, checkout)).not.toContain('npm install')
  })

  test('shows every metric, every switch and the warning about terms of use', () => {
    const text = markdown(comparison, checkout)
    for (const name of metricNames.filter((each) => !sharingMetrics.includes(each)))
      expect(text).toContain(`| ${metricTable[name].heading} |`)
    for (const name of Object.keys(comparison.switches)) expect(text).toContain(`| \`${name}\` |`)
    expect(text).toContain('| `burstGuard` | `false` (changed) |')
    expect(text).toContain('**Terms:** Alibaba Cloud’s terms may forbid')
  })
})

test.prop([anyComparison, fc.constantFrom(checkout, bare)])(
  'every row of a table has the same number of cells, for any comparison',
  (any, installation) => {
    const text = markdown(any, installation)
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
    for (const table of text.matchAll(/(?:^\|.*\n)+/gm)) {
      const widths = table[0]
        .trimEnd()
        .split('\n')
        .map((line) => line.replaceAll('\\|', '').split('|').length)
      expect(new Set(widths).size).toBe(1)
    }
  },
)
