import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { portableEntries } from '../../lab/catalogue/portable-entries.ts'
import { readCells } from '../../lab/cells/read-cells.ts'
import { metricTable } from '../../src/report/figures/metrics.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { killAll, startProgram } from './program.ts'

const isInstalled = spawnSync(process.env.RATELAB_K6 ?? 'k6', ['version']).status === 0
if (!isInstalled && process.env.CI !== 'true')
  console.warn('Skipped: k6 is not on the search path (go install go.k6.io/k6@v1.8.1, or set RATELAB_K6)')

interface K6Result {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

const { scratch: out } = scratchFolder('k6')

function k6(...args: readonly string[]): K6Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['cli/main.js', 'k6', '--out', out, ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

/** Returns the value of a metric in the summary that k6 prints. */
function value(stdout: string, metric: string): number {
  return Number(new RegExp(`^ *${metric}\\.*: (\\S+)`, 'm').exec(stdout)?.[1])
}

describe.skipIf(!isInstalled && process.env.CI !== 'true')('real k6', () => {
  test('a load test without a strategy stays within its thresholds', () => {
    const { status, stdout } = k6('steady', '--speed', '10')
    expect(stdout).toMatch(/✓ 'rate<0\.01'/)
    expect(status).toBe(0)
  })

  test('a strategy that ran in it has a report with a cell, whose figures are those of k6', async () => {
    const { status, stdout } = k6('burst', '--strategy', 'retry-pace', '--calls', '50', '--speed', '10')
    expect(status).toBe(0)
    const { study, cells } = await readCells(join(out, 'k6-burst-wire/cells.jsonl'))
    expect(study.wire).toMatchObject({ speed: 10, limits: 'mock' })
    const { metrics, outcomes } = cells[0]!.summary
    expect(outcomes.ok).toBe(50)
    expect(metrics.amplification).toBeCloseTo(value(stdout, metricTable.amplification.json), 2)
    expect(metrics.deniedShare).toBeCloseTo(value(stdout, metricTable.deniedShare.json), 2)
  })

  test('strategies of the catalogue run in it, and its metrics have the names that reports use', () => {
    const none = k6('burst', '--strategy', 'none', '--calls', '100', '--speed', '10')
    const paced = k6('burst', '--strategy', 'retry-pace', '--calls', '100', '--speed', '10')
    expect([none.status, paced.status]).toEqual([0, 0])
    // The burst guard and the RPS limit admit about 10 of 100 simultaneous calls.
    expect(value(none.stdout, metricTable.success.json)).toBeLessThan(0.25)
    expect(value(none.stdout, metricTable.amplification.json)).toBe(1)
    expect(value(paced.stdout, metricTable.success.json)).toBe(1)
    expect(value(paced.stdout, metricTable.amplification.json)).toBeLessThan(2)
    expect(value(paced.stdout, metricTable.makespan.json)).toBeGreaterThan(9_500)
    for (const { json } of [metricTable.deniedShare, metricTable.latencyP95, metricTable.withinSlo])
      expect(paced.stdout).toContain(`${json}.`)
  })

  test('the options of strategies follow from the limits of the profile', () => {
    const args = ['burst', '--strategy', 'queue', '--calls', '200', '--speed', '5', '--profile'] as const
    // At 10 calls a second, 200 calls take 19.9 s or more. At the 500 a second of cn-beijing they take less.
    const slow = k6(...args, 'article')
    const quick = k6(...args, 'cn-beijing')
    expect([slow.status, quick.status]).toEqual([0, 0])
    expect(value(slow.stdout, metricTable.makespan.json)).toBeGreaterThan(19_900)
    expect(value(quick.stdout, metricTable.makespan.json)).toBeLessThan(15_000)
  })
})

test('an unknown strategy is reported with the known ones, even when k6 is not installed', () => {
  const { status, stderr } = k6('burst', '--strategy', 'retry-pase')
  expect(status).toBe(2)
  for (const name of Object.keys(portableEntries)) expect(stderr).toContain(name)
  expect(stderr).toContain('got "retry-pase"; did you mean retry-pace?')
})

test.each(['article-rotation-accounts', 'article-proxy', 'rotation'])(
  '%s, which needs more than one account, is refused with a list of those that do not',
  (strategy) => {
    const { status, stderr } = k6('burst', '--strategy', strategy)
    expect(status).toBe(2)
    expect(stderr).toMatch(
      /no second account, no gateway and no Batch Chat \(none, article-backoff, .*, retry-concurrency, .*\)/,
    )
    expect(stderr).toContain(`got "${strategy}"`)
  },
)

test('an unknown profile is reported even when k6 is not installed', () => {
  const { status, stderr } = k6('burst', '--profile', 'intel')
  expect(status).toBe(2)
  expect(stderr).toContain('`--profile` to be one of article, intl, cn-beijing, got "intel"; did you mean intl?')
})

test('an empty `--out` is reported even when k6 is not installed', () => {
  const { status, stderr } = k6('burst', '--out', '')
  expect([status, stderr]).toEqual([2, 'ratelab: Expected `--out` to name a folder, got ""\n'])
})

test('a folder that cannot be written is told before k6 runs, and leaves nothing', () => {
  const taken = join(out, 'taken')
  writeFileSync(taken, '')
  const neverRuns = join(out, 'k6')
  writeFileSync(neverRuns, '#!/bin/sh\necho it runs\n', { mode: 0o755 })
  const { status, stdout, stderr } = spawnSync(process.execPath, ['cli/main.js', 'k6', 'burst', '--out', taken], {
    encoding: 'utf8',
    env: { ...process.env, RATELAB_K6: neverRuns },
  })
  expect(stderr).toMatch(/Expected to be able to write to .* Name another folder with --out DIR\./)
  expect([status, stdout]).toEqual([3, expect.not.stringContaining('it runs')])
})

test('the error for a missing k6 says how to install it', () => {
  const { status, stderr } = spawnSync(process.execPath, ['cli/main.js', 'k6', 'burst'], {
    encoding: 'utf8',
    env: { ...process.env, RATELAB_K6: '/nowhere/k6' },
  })
  expect(status).toBe(2)
  expect(stderr).toContain('go install go.k6.io/k6@v1.8.1')
})

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
] as const)('%s ends k6 as well, and the exit code says so', async (signal, code) => {
  const folder = mkdtempSync(join(tmpdir(), 'ratelab-k6-'))
  onTestFinished(() => {
    killAll()
    rmSync(folder, { recursive: true })
  })
  const endless = join(folder, 'k6')
  writeFileSync(endless, '#!/bin/sh\necho it runs\nexec sleep 600\n', { mode: 0o755 })
  const env = { ...process.env, RATELAB_K6: endless }
  const { child, untilPrinted, exitCode } = startProgram(['k6', 'burst'], { cwd: folder, env })
  await untilPrinted('it runs')
  child.kill(signal)
  // The pipes of the program close when the last process that has them ends.
  expect(await exitCode).toBe(code)
})
