import { test } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect } from 'vitest'
import { regressionOf } from '../../../../src/compare/regression.ts'
import { rowText } from '../../../../src/report/figures/row-text.ts'
import schema from '../../../../src/report/regression/compare.schema.json' with { type: 'json' }
import { jsonRegressions } from '../../../../src/report/regression/json-regression.ts'
import { markdownRegression } from '../../../../src/report/regression/markdown-regression.ts'
import { regressionSuites } from '../../../../src/report/regression/regression-suites.ts'
import { terminalRegression } from '../../../../src/report/regression/terminal-regression.ts'
import { anyStudy } from '../../../golden/any-study.ts'
import { regression } from './regressions.ts'

const files = '../../../golden/files'
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema)
function problems(text: string): unknown[] {
  validate(JSON.parse(text))
  return validate.errors ?? []
}
const fromItself = (result: Parameters<typeof regressionOf>[0]['result']) =>
  regressionOf({ label: 'a', result }, { label: 'b', result })

test('the rows have every conclusion', () => {
  expect(new Set(regression.rows.map(({ conclusion }) => conclusion)).size).toBe(5)
})

describe('the differences in the terminal', () => {
  test('that can be told from chance', async () => {
    await expect(terminalRegression(regression, { width: 120, all: false })).toMatchFileSnapshot(`${files}/compare.txt`)
  })

  test.each([120, 100, 80, 60, 40])('have no line that is wider than %i columns', (width) => {
    const lines = terminalRegression(regression, { width, all: false }).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
    expect(lines.filter((line) => line.startsWith('▼ worse'))).not.toEqual([])
  })

  test('say of every row what changed by how much, however narrow the terminal is', () => {
    const shown = regression.rows.filter(({ conclusion }) => conclusion !== 'not distinguishable')
    for (const width of [120, 80, 60, 40, 30]) {
      const text = terminalRegression(regression, { width, all: false }).replace(/\s+/g, ' ')
      for (const row of shown) {
        const { metric, difference } = rowText(row, regression.currency)
        expect(text, `${width}`).toContain(difference)
        expect(text, `${width}`).toContain(metric)
      }
    }
  })

  test('have no control characters of a stranger', () => {
    const [row] = regression.rows
    const rows = [{ ...row!, strategyBefore: '\u001b[2J', strategyAfter: '\u001b[2J' }]
    const text = terminalRegression({ ...regression, rows, remarks: ['\u0007'] }, { width: 80, all: true })
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })

  test('include all the others with `all`, and otherwise a line says how many are left out', () => {
    const rows = (text: string) =>
      text.split('\n').filter((line) => /^[▲▼◆·] (better|worse|different|too small|not dist)/.test(line))
    const [some, every] = [false, true].map((all) => terminalRegression(regression, { width: 120, all }))
    expect(rows(every!)).toHaveLength(regression.rows.length)
    const hidden = regression.rows.length - rows(some!).length
    expect(some).toContain(`not distinguishable are left out: ${hidden}. Show them with --all.`)
    expect(every).not.toContain('left out')
  })
})

describe('the differences in Markdown', () => {
  test('fold what cannot be told from chance', async () => {
    await expect(markdownRegression(regression)).toMatchFileSnapshot(`${files}/compare.md`)
  })

  test('leave out the folded rows when there are too many for a comment', () => {
    const row = regression.rows.find(({ conclusion }) => conclusion === 'not distinguishable')!
    const rowsIn = (count: number) =>
      markdownRegression({ ...regression, rows: new Array(count).fill(row) }).split('\n| below-quota |').length - 1
    expect([rowsIn(200), rowsIn(201)]).toEqual([200, 0])
  })

  test('have no HTML of a stranger', () => {
    const [row] = regression.rows
    const id = '<script>|`*x*`'
    const text = markdownRegression({
      ...regression,
      before: id,
      rows: [{ ...row!, strategyBefore: id, strategyAfter: id }],
    })
    expect(text).not.toContain('<script>')
    expect(text).toContain('&lt;script>\\|\\`\\*x\\*\\`')
  })
})

describe('the differences in JSON', () => {
  test('conform to their schema', () => {
    expect(problems(jsonRegressions([regression, regression]))).toEqual([])
    expect(problems(jsonRegressions([regression]).replace('"worse"', '"worst"'))).not.toEqual([])
  })

  test.prop([anyStudy])('conform to it whatever the result', (result) => {
    expect(problems(jsonRegressions([fromItself(result)]))).toEqual([])
  })
})

test.prop([anyStudy])('any result can be rendered', (result) => {
  const own = fromItself(result)
  expect(terminalRegression(own, { width: 80, all: true })).not.toContain('undefined')
  const failed = own.failed.length
  expect(markdownRegression(own)).toContain(
    `### ratelab compare: ${failed > 0 ? `${failed} failed` : 'nothing became worse'}`,
  )
  expect(terminalRegression(own, { width: 80, all: true })).toMatch(
    failed > 0 ? new RegExp(`: ${failed} failed, `) : /^(?!.*failed)/,
  )
})

test('as tests, what became worse has failed', () => {
  const tests = regressionSuites(regression).flatMap(({ name, tests }) =>
    tests.map((each) => ({ suite: name, ...each })),
  )
  expect(tests).toHaveLength(regression.rows.length)
  const failed = tests.filter(({ failure }) => failure !== undefined)
  expect(failed).toHaveLength(regression.rows.filter(({ conclusion }) => conclusion === 'worse').length)
  expect(failed[0]).toEqual({
    suite: 'reports/new against reports/old.below-quota',
    name: 'queue: success',
    output: '91.0 % before, 81.1 % after: −9.90 pp (−9.96 pp to −9.80 pp), worse',
    failure: 'Expected success not to become worse, got −9.90 pp (−9.96 pp to −9.80 pp)',
  })
})

test('as tests, what failed has failed, in a suite of its own', () => {
  const failed = [{ id: 'mine', message: 'it throws' }]
  const [suite, ...others] = regressionSuites({ ...regression, failed })
  expect(others).toEqual(regressionSuites(regression))
  expect(suite).toEqual({
    name: 'reports/new against reports/old.failed',
    tests: [{ name: 'mine: runs', output: 'it throws', failure: 'Expected mine to run, but it failed: it throws' }],
  })
})
