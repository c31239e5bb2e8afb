import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { scratchFolder } from '../scratch-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const { scratch } = scratchFolder('sensitivity')

const main = join(root, 'cli/main.js')
const env = { ...process.env, NO_COLOR: '1' }
function ratelab(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [main, ...args], { cwd: scratch, encoding: 'utf8', env, timeout: 120_000 })
}
const study = ['steady', '--strategies', 'retry-full,retry-pace', '--set', 'arrivals.until=30000']
const textOf = (...path: string[]) => readFileSync(join(scratch, ...path), 'utf8')

/** Expects wrong input: exit code 2, a sentence and the remedy on standard error, and nothing on standard output. */
function refused(result: SpawnSyncReturns<string>, message: RegExp): void {
  expect(result.stderr).toMatch(message)
  expect(result.stderr).not.toMatch(/\n\s+at /)
  expect([result.status, result.stdout]).toEqual([2, ''])
}

describe('ratelab sensitivity', () => {
  const args = ['sensitivity', ...study, '--switches', 'rejectsCount,burstGuard', '--seeds', '6']
  let first: SpawnSyncReturns<string>
  beforeAll(() => {
    first = ratelab(...args, '--out', 'a')
    expect(first.status, first.stderr).toBe(0)
  })

  test('says what flips, and writes its files beside the report', () => {
    expect(first.stdout).toMatch(/\n▼ rejectsCount=true in place of rejectsCount=false: \d+ flip/)
    expect(first.stdout).toMatch(/\n {4}flips retry-full answers/)
    expect(first.stderr).toContain('other values of switches: 2, 6 seeds, 72 runs in virtual time …')
    expect(first.stderr).toContain('Sensitivity: a/steady-custom/sensitivity.md')
    expect(readdirSync(join(scratch, 'a/steady-custom')).sort()).toEqual([
      'sensitivity.json',
      'sensitivity.md',
      'sensitivity.png',
    ])
  })

  test('gives the same bytes again, in each format', () => {
    const json = ratelab(...args, '--out', 'b', '--json')
    expect(json.stdout).toBe(textOf('a/steady-custom/sensitivity.json'))
    expect(textOf('b/steady-custom/sensitivity.md')).toBe(textOf('a/steady-custom/sensitivity.md'))
    const md = ratelab(...args, '--out', 'b', '--format', 'md')
    expect(md.stdout).toBe(textOf('a/steady-custom/sensitivity.md'))
  })

  test('becomes part of the report of the same study, and of no other', () => {
    const run = ratelab('run', ...study, '--seeds', '6', '--out', 'a')
    expect(run.status, run.stderr).toBe(0)
    expect(run.stdout).toContain('→ This rests on rejectsCount=false: under rejectsCount=true')
    const files = ['report.md', 'report.json'].map((name) => textOf('a/steady-custom', name))
    expect(files[0]).toContain('\n## What it rests on\n')
    const again = ratelab('report', 'a/steady-custom')
    expect([again.status, again.stdout]).toEqual([0, run.stdout])
    expect(['report.md', 'report.json'].map((name) => textOf('a/steady-custom', name))).toEqual(files)

    const other = ratelab('run', ...study, '--set', 'window=fixed', '--seeds', '6', '--out', 'a')
    expect(other.status).toBe(0)
    expect(other.stderr).toContain('sensitivity.json is of other settings or of another version')
    expect(other.stdout).not.toContain('rests on')
  })

  test.each<[string, string[], RegExp]>([
    [
      'an unknown switch',
      [...study, '--switches', 'rejectCount'],
      /Expected `--switches` to name a switch .*did you mean rejectsCount\?/,
    ],
    ['no switch', [...study, '--switches', ','], /Expected `--switches` to name at least one switch, got none/],
    ['no folder', [...study, '--out', ''], /Expected `--out` to name a folder, got ""/],
    ['an unknown scenario', ['bursts'], /did you mean burst\?/],
    [
      'a wrong setting',
      [...study, '--set', 'window=round'],
      /`--set window` to be one of sliding, fixed, bucket, anchored/,
    ],
  ])('refuses %s', (_what, options, message) => {
    refused(ratelab('sensitivity', ...options), message)
  })

  test('reports the others when a strategy fails, and ends with exit code 2', () => {
    const mine = join(scratch, 'mine.ts')
    writeFileSync(mine, "export default { name: 'mine', wrap: () => () => { throw new Error('It breaks.') } }\n")
    const options = ['burst', '--strategies', `none,retry-pace,${mine}`, '--set', 'arrivals.calls=20', '--seeds', '2']
    const { status, stdout, stderr } = ratelab(
      'sensitivity',
      ...options,
      '--switches',
      'burstGuard',
      '--out',
      'failing',
    )
    expect([status, stderr]).toEqual([2, expect.stringContaining('It breaks.')])
    expect(stdout).toMatch(/\n✗ mine failed\. /)
    expect(stdout).toContain('✗ mine failed under burstGuard=false')
  })

  test.skipIf(process.platform === 'win32')('ends with 130 after Ctrl-C, and leaves nothing', async () => {
    const { code, stderr } = await interrupted(/\d+ runs in virtual time/, 'sensitivity', 'steady', '--out', 'stopped')
    expect([code, stderr]).toEqual([130, expect.stringContaining('interrupted; nothing was written')])
    expect(existsSync(join(scratch, 'stopped'))).toBe(false)
  })
})

/** Runs a command and sends it Ctrl-C when standard error has this text. */
async function interrupted(text: RegExp, ...args: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { cwd: scratch, env })
  let stderr = ''
  let isStopped = false
  child.stderr.on('data', (data) => {
    stderr += data
    // A second signal would end the process at once.
    if (!isStopped && text.test(stderr)) isStopped = child.kill('SIGINT')
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })))
}

describe('ratelab run --sensitivity', () => {
  test('runs the alternatives on the first seeds, and stores what they change for `ratelab report`', () => {
    const burst = join(root, 'scenarios/burst.ts')
    writeFileSync(
      join(scratch, 'one-case.ts'),
      `import burst from '${burst}'\nexport default { ...burst, name: 'one-case', cases: burst.cases.slice(0, 1) }\n`,
    )
    const small = ['./one-case.ts', '--strategies', 'none,retry-pace', '--set', 'arrivals.calls=40', '--seeds', '7']
    const run = ratelab('run', ...small, '--sensitivity', '--out', 'whole')
    expect(run.status, run.stderr).toBe(0)
    expect(run.stdout).toContain('What it rests on: ')
    const names = readdirSync(join(scratch, 'whole/one-case-custom'))
    expect(names).toEqual(
      expect.arrayContaining(['report.md', 'sensitivity.json', 'sensitivity.md', 'sensitivity.png']),
    )
    const { study: own } = JSON.parse(textOf('whole/one-case-custom/sensitivity.json'))
    expect(own.seeds).toEqual([1, 2, 3, 4, 5, 6])
    const report = textOf('whole/one-case-custom/report.md')
    expect(ratelab('report', 'whole/one-case-custom').stdout).toBe(run.stdout)
    expect(textOf('whole/one-case-custom/report.md')).toBe(report)
    // The study itself ran only once: its cells are those of the report.
    const alone = ratelab('sensitivity', ...small.with(-1, '6'), '--out', 'alone', '--json')
    expect(alone.stdout).toBe(textOf('whole/one-case-custom/sensitivity.json'))
  })

  test.skipIf(process.platform === 'win32')(
    'after Ctrl-C while it tries alternatives, goes on from the cells',
    async () => {
      const args = ['run', ...study, '--seeds', '2', '--sensitivity', '--out', 'later']
      const { code, stderr } = await interrupted(/other values of switches/, ...args)
      expect([code, stderr]).toEqual([130, expect.stringContaining('but 8 of 8 runs are kept')])
      const again = ratelab(...args.filter((each) => each !== '--sensitivity'))
      expect([again.status, again.stderr]).toEqual([0, expect.stringContaining('which has 8 of the runs')])
    },
  )

  test('is for a whole study', () => {
    refused(
      ratelab('run', ...study, '--sensitivity', '--shard', '1/2'),
      /Expected `--sensitivity` only for a whole study/,
    )
  })

  test('a damaged file is named with its remedy, by `ratelab run` before any run', () => {
    writeFileSync(join(scratch, 'whole/one-case-custom/sensitivity.json'), '{')
    const run = ratelab('run', './one-case.ts', '--strategies', 'none', '--set', 'arrivals.calls=9', '--out', 'whole')
    refused(run, /sensitivity\.json: Expected a JSON object/)
    expect(run.stderr).not.toContain('in virtual time')
    refused(
      ratelab('report', 'whole/one-case-custom'),
      /sensitivity\.json: Expected a JSON object.*Run `ratelab sensitivity` again/,
    )
  })
})
