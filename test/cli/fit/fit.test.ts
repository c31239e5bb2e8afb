import { describe, expect, test } from 'vitest'
import { fitJson } from '../../../cli/fit/fit-json.ts'
import { fitText } from '../../../cli/fit/fit-text.ts'
import { rowProgress } from '../../../cli/fit/row-progress.ts'
import { traceFit } from '../../../lab/fit/trace-fit.ts'
import { arrivalProblems } from '../../../src/scenario/arrivals/arrival-problems.ts'
import { lengthProblems } from '../../../src/scenario/lengths/lengths.ts'

const workload = {
  arrival: Float64Array.from({ length: 40 }, (_, call) => 100 * call * call),
  promptTokens: Uint32Array.from({ length: 40 }, (_, call) => 10 + call),
  outputTokens: Uint32Array.from({ length: 40 }, (_, call) => 100 + (call % 7)),
}
const facts = { file: 'calls.csv', format: 'Azure', rows: 50, outside: 10, skipped: 0, warnings: [] }
const fit = traceFit(workload, 'calls.csv')

describe('the text', () => {
  test.each([40, 80, 120])('fits into %i columns, but for what is pasted', (width) => {
    for (const line of fitText(facts, fit, width).split('\n')) {
      expect(line).toBe(line.trimEnd())
      if (!/^(arrivals|lengths): /.test(line)) expect(line.length, line).toBeLessThanOrEqual(width)
    }
  })

  test('proposes one law, and ends with what a case accepts', () => {
    const text = fitText(facts, fit, 120)
    expect(text).toMatch(/^calls\.csv: 40 calls in 2 min 32 s \(Azure\)\n/)
    expect(text.match(/← proposed/g)).toHaveLength(1)
    const [arrivals, lengths] = text
      .split('\n')
      .slice(-2)
      .map((line) => JSON.parse(line.replace(/^\w+: (.*),$/, '$1')))
    expect(arrivalProblems('arrivals', arrivals)).toEqual([])
    expect(lengthProblems('lengths', lengths)).toEqual([])
  })
})

test('lengths of 0 tokens stay what they are', () => {
  const none = traceFit({ ...workload, outputTokens: new Uint32Array(40) }, 'calls.csv')
  expect(fitText(facts, none, 120)).toMatch(/output +mean 0 · median 0 · 95 % up to 0 · at most 0\n/)
})

test('the JSON has the same, and null for a figure that does not exist', () => {
  const document = JSON.parse(fitJson(facts, fit))
  expect(document.case).toEqual(JSON.parse(JSON.stringify(fit.proposed)))
  expect(document.trace).toEqual({ file: 'calls.csv', format: 'Azure', rows: 50, outside: 10 })
  const short = traceFit({ ...workload, arrival: workload.arrival.map((at) => at / 1000) }, 'calls.csv')
  expect(JSON.parse(fitJson(facts, short)).arrivals.dispersion_second).toBeNull()
})

describe('the progress of rows', () => {
  const written = (rewritableWidth?: number) => {
    const texts: string[] = []
    const output = { write: (text: string) => texts.push(text), ...(rewritableWidth && { rewritableWidth }) }
    const progress = rowProgress(output)
    for (const rows of [100_000, 900_000, 1_000_000]) progress.update(rows)
    progress.clear()
    return texts
  }

  test('is one line that is written again on a terminal', () => {
    expect(written(80)).toEqual([
      '\r100,000 rows read\x1b[K',
      '\r900,000 rows read\x1b[K',
      '\r1,000,000 rows read\x1b[K',
      '\r\x1b[K',
    ])
  })

  test('is a line for each million elsewhere', () => expect(written()).toEqual(['1,000,000 rows read\n']))
})
