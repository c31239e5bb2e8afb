import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'ratelab-cli-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const main = join(root, 'src/cli/main.js')
const small = ['--seeds', '2', '--strategies', 'none,retry-pace', '--set', 'arrivals.calls=50']

function ratelab(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [main, ...args], {
    cwd: scratch,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    timeout: 120_000,
  })
}

function file(name: string, content: string): string {
  const path = join(scratch, name)
  writeFileSync(path, content)
  return path
}

/** Every file below a folder. */
function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() : []
}

describe('ratelab run', () => {
  test('runs a scenario to its report', () => {
    const out = join(scratch, 'whole')
    const { status, stdout, stderr } = ratelab('run', 'burst', ...small, '--out', out)
    expect(status, stderr).toBe(0)
    expect(stdout).toContain('retry-pace')
    expect(stderr).toContain('Report: ')
    const written = filesIn(join(out, 'burst-custom'))
    expect(written).toEqual(expect.arrayContaining(['report.md', 'report.json']))
    expect(written.filter((name) => name.endsWith('.png')).length).toBeGreaterThanOrEqual(3)
    expect(written.filter((name) => name.includes('unfinished'))).toEqual([])
    // Every picture that the report shows is there.
    const md = readFileSync(join(out, 'burst-custom/report.md'), 'utf8')
    const pictures = [...md.matchAll(/\]\(([^)]+\.png)\)/g)].map(([, path]) => path!)
    expect(pictures.length).toBeGreaterThanOrEqual(3)
    for (const picture of pictures) expect(existsSync(join(out, 'burst-custom', picture)), picture).toBe(true)
  })

  test('gives the same bytes for the same seeds, and JSON alone on standard output', () => {
    const runs = ['a', 'b'].map((name) => ratelab('run', 'burst', ...small, '--json', '--out', join(scratch, name)))
    expect(runs[0]!.status, runs[0]!.stderr).toBe(0)
    expect(runs[1]!.stdout).toBe(runs[0]!.stdout)
    expect(JSON.parse(runs[0]!.stdout)).toMatchObject({ schema: 'ratelab.report/1' })
    for (const name of ['report.md', 'report.json'])
      expect(readFileSync(join(scratch, 'a/burst-custom', name), 'utf8')).toBe(
        readFileSync(join(scratch, 'b/burst-custom', name), 'utf8'),
      )
  })

  test('runs a scenario of the user’s own', () => {
    const { status, stdout, stderr } = ratelab('run', join(root, 'examples/lunch-rush.ts'), '--seeds', '2')
    expect(status, stderr).toBe(0)
    expect(stdout).toContain('retry-pace')
    expect(filesIn(join(scratch, 'reports/lunch-rush-custom'))).toContain('report.md')
  })

  test('replays a recorded trace', () => {
    const rows = Array.from({ length: 40 }, (_, i) => `2023-11-16 18:15:${String(10 + i)}.1234567,${100 + i},20`)
    const trace = file('trace.csv', ['TIMESTAMP,ContextTokens,GeneratedTokens', ...rows].join('\n'))
    const { status, stdout, stderr } = ratelab('run', 'replay', '--trace', trace, '--seeds', '1', '--json')
    expect(status, stderr).toBe(0)
    expect(JSON.parse(stdout).cases[0].calls).toBe(40)
  })
})

describe('ratelab list', () => {
  test('shows what there is', () => {
    const { status, stdout } = ratelab('list')
    expect(status).toBe(0)
    for (const name of ['burst', 'steady', 'replay', 'retry-pace', 'article-proxy', 'cn-beijing', 'terms of service'])
      expect(stdout).toContain(name)
    expect(ratelab('list', '--settings').stdout).toContain('rejectsCount')
  })

  test('--help teaches, on every level', () => {
    for (const args of [['--help'], ['run', '--help'], ['list', '--help']]) expect(ratelab(...args).status).toBe(0)
    expect(ratelab('--help').stdout).toContain('Exit codes')
  })
})

describe('bad input: a clear message, exit code 2, no stack trace, nothing written', () => {
  const broken = file('throws.ts', 'throw new Error("no coffee")')
  const empty = file('empty.csv', '')
  const headerOnly = file('header.csv', 'TIMESTAMP,ContextTokens,GeneratedTokens\n')
  const truncated = file(
    'truncated.csv',
    'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.99',
  )
  const zeros = file('zeros.csv', '')
  truncateSync(zeros, 1024 ** 3)
  const many = file(
    'many.ts',
    'export default { name: "Bad Name", title: 3, cases: [{ name: "x", patience: -1 }], strategies: ["nope"] }',
  )
  const leaves = file('leaves.ts', 'process.exit(0)')
  const sleeps = file('sleeps.ts', 'await new Promise(() => {})')
  const bites = file('bites.ts', 'export default { get name() { throw new Error("ouch") } }')
  const noDefault = file('no-default.ts', 'export const x = 1')

  test.each([
    ['an unknown scenario', ['run', 'burts'], /did you mean burst\?/],
    ['a missing file', ['run', './nowhere.ts'], /no such file/],
    ['no scenario at all', ['run'], /missing required argument 'scenario'/],
    ['an unknown command', ['rum', 'burst'], /unknown command 'rum'/],
    ['an unknown option', ['run', 'burst', '--sedes', '3'], /unknown option '--sedes'/],
    ['an unknown strategy', ['run', 'burst', '--strategies', 'retry-pase'], /did you mean retry-pace\?/],
    ['no strategy', ['run', 'burst', '--strategies', ','], /at least one strategy/],
    [
      'an unknown profile',
      ['run', 'burst', '--profile', 'int'],
      /`--profile` to be one of article, intl, cn-beijing, got "int"; did you mean intl\?/,
    ],
    ['an unknown key', ['run', 'burst', '--set', 'rejectCount=true'], /did you mean rejectsCount\?/],
    ['a negative number', ['run', 'burst', '--set', 'patience=-5'], /patience.* > 0, got -5|patience.* >= 0, got -5/],
    ['not a number', ['run', 'burst', '--set', 'burstGrowth=NaN'], /finite number/],
    ['a huge number of calls', ['run', 'burst', '--set', 'arrivals.calls=1e15'], /arrivals\.calls/],
    ['negative seeds', ['run', 'burst', '--seeds', '-1'], /--seeds/],
    ['a fraction of a seed', ['run', 'burst', '--seed', '1.5'], /--seed/],
    ['an unknown format', ['run', 'burst', '--format', 'pdf'], /terminal, md, json/],
    ['a replay without a trace', ['run', 'replay'], /--trace FILE\.csv/],
    ['a trace that nothing replays', ['run', 'burst', '--trace', headerOnly], /only with a scenario that replays/],
    ['a trace that is not there', ['run', 'replay', '--trace', 'gone.csv'], /gone\.csv/],
    ['a folder for a trace', ['run', 'replay', '--trace', scratch], /folder|directory/],
    ['a strategy that the world has no account for', ['run', 'steady', '--strategies', 'rotation'], /two accounts/],
    ['an empty trace', ['run', 'replay', '--trace', empty], /empty/],
    ['a trace without rows', ['run', 'replay', '--trace', headerOnly], /row|call/],
    ['a truncated trace', ['run', 'replay', '--trace', truncated], /line 3/],
    ['1 GB of binary zeros', ['run', 'replay', '--trace', zeros], /zeros\.csv/],
    ['a scenario file that throws', ['run', broken], /no coffee/],
    ['a scenario file that ends the process', ['run', leaves], /ended before/],
    ['a scenario file that never loads', ['run', sleeps], /ended before/],
    ['a scenario with a getter that throws', ['run', bites], /ouch/],
    ['no output folder', ['run', 'burst', '--out', ''], /name a folder/],
    ['a scenario without a default export', ['run', noDefault], /default export/],
    ['a scenario with many problems', ['run', many], /problems in the scenario[\s\S]*name[\s\S]*patience/],
  ])('%s', (_what, args, message) => {
    const out = join(scratch, 'never')
    // Before the case's own words, which may name a folder too.
    const [command = '', ...rest] = args
    const { status, stdout, stderr } = ratelab(
      command,
      ...(command === 'run' && rest.length > 0 ? ['--out', out] : []),
      ...rest,
    )
    expect(stderr).toMatch(message)
    expect(status).toBe(2)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stdout).toBe('')
    expect(existsSync(out)).toBe(false)
  })

  test.each([
    ['a file where the folder should be', () => file('taken', '')],
    ['a folder that cannot be made', () => '/proc/ratelab'],
  ])('an output folder that cannot be written is told before any run: %s', (_what, make) => {
    const { status, stdout, stderr } = ratelab('run', 'burst', ...small, '--out', make())
    expect(status).toBe(3)
    expect(stderr).toMatch(/--out DIR/)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stdout).toBe('')
  })
})

test('Ctrl-C in mid-run ends at once with exit code 130 and leaves nothing', async () => {
  const out = join(scratch, 'interrupted')
  mkdirSync(out)
  const child = spawn(process.execPath, [main, 'run', 'burst', '--seeds', '2000', '--out', out], { cwd: scratch })
  let stderr = ''
  child.stderr.on('data', (data) => {
    // The first line comes before the runs; by the second signal's time they are under way.
    if (stderr === '') setTimeout(() => child.kill('SIGINT'), 1500)
    stderr += data
  })
  const code = await new Promise((done) => child.on('close', done))
  expect(code).toBe(130)
  expect(stderr).toContain('interrupted')
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(filesIn(out)).toEqual([])
})

test('a reader of the output who leaves early is no fault, and the report is written', async () => {
  const out = join(scratch, 'unread')
  const child = spawn(process.execPath, [main, 'run', 'burst', ...small, '--out', out], { cwd: scratch })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const code = await new Promise((done) => child.on('close', done))
  expect(stderr).not.toMatch(/EPIPE|\n\s+at /)
  expect(code).toBe(0)
  expect(filesIn(out)).toContain('burst-custom/report.md')
})

test('the built package runs without its sources', { timeout: 120_000 }, () => {
  const built = spawnSync('npm', ['run', 'build'], { cwd: root, encoding: 'utf8' })
  expect(built.status, built.stdout + built.stderr).toBe(0)
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist/src/cli/main.js'), 'run', 'burst', ...small],
    {
      cwd: scratch,
      encoding: 'utf8',
    },
  )
  expect(status, stderr).toBe(0)
  expect(stdout).toContain('retry-pace')
})
