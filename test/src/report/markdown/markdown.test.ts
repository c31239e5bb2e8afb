import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { metricTable } from '../../../../src/report/figures/metrics.ts'
import { markdown } from '../../../../src/report/markdown/markdown.ts'
import { anyComparison } from '../../../golden/any-comparison.ts'
import { comparison, oneSeed } from '../../../golden/comparison.ts'

const golden = '../../../golden/files'

describe('the Markdown report', () => {
  test('of two cases', async () => {
    await expect(markdown(comparison)).toMatchFileSnapshot(`${golden}/report.md`)
  })

  test('of one seed', async () => {
    await expect(markdown(oneSeed)).toMatchFileSnapshot(`${golden}/report-one-seed.md`)
  })

  test('gives the command that makes it again', () => {
    expect(markdown(comparison)).toContain('npm run scenario burst -- --set burstGuard=false\n')
    expect(markdown({ ...comparison, changed: [] })).toContain('npm run scenario burst\n')
    const quoted = markdown({ ...comparison, changed: ['--trace my calls.csv', '--seeds 5'] })
    expect(quoted).toContain("npm run scenario burst -- --trace 'my calls.csv' --seeds 5\n")
  })

  test('names no command where a program ran the study', () => {
    const { given: _, ...scenario } = comparison.scenario
    const text = markdown({ ...comparison, scenario })
    expect(text).toContain('A program ran this study (`runStudy` of `ratelab/lab`)')
    expect(text).not.toContain('npm run scenario')
  })

  test('says which strategies failed, in one line each', () => {
    const failed = [{ id: 'mine', message: 'It throws.\n  mine.ts:3' }]
    const text = markdown({ ...comparison, failed })
    expect(text).toContain('\n\n**`mine` failed and has no row.** It throws. mine.ts:3\n\n')
    expect(markdown(comparison)).not.toContain('failed and has no row')
  })

  test('links to the charts', () => {
    expect(markdown(comparison).match(/\]\((.*?)\)/g)).toEqual([
      '](charts/all-at-once-success.png)',
      '](charts/all-at-once-admitted.png)',
      '](charts/all-at-once-wait.png)',
      '](charts/within-the-minute-success.png)',
      '](charts/within-the-minute-admitted.png)',
      '](charts/within-the-minute-wait.png)',
    ])
  })

  test('shows every metric, every switch and the warning about terms of use', () => {
    const text = markdown(comparison)
    for (const { heading } of Object.values(metricTable)) expect(text).toContain(`| ${heading} |`)
    for (const name of Object.keys(comparison.switches)) expect(text).toContain(`| \`${name}\` |`)
    expect(text).toContain('| `burstGuard` | `false` (changed) |')
    expect(text).toContain('**Terms:** Alibaba Cloud’s terms may forbid')
  })
})

test.prop([anyComparison])('every row of a table has the same number of cells, for any comparison', (any) => {
  const text = markdown(any)
  expect(text).not.toMatch(/NaN|undefined|Infinity/)
  for (const table of text.matchAll(/(?:^\|.*\n)+/gm)) {
    const widths = table[0]
      .trimEnd()
      .split('\n')
      .map((line) => line.replaceAll('\\|', '').split('|').length)
    expect(new Set(widths).size).toBe(1)
  }
})
