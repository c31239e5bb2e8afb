import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../scratch-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const { scratch } = scratchFolder('new')

// The folder of a user: vitest and fast-check are installed in it, and the public faces of ratelab are those of this checkout.
symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'))
const faces = {
  ratelab: join(root, 'src/ratelab.ts'),
  'ratelab/lab': join(root, 'lab/ratelab-lab.ts'),
  'ratelab/mock': join(root, 'sim/ratelab-mock.ts'),
  'ratelab/contracts': join(root, 'contracts/ratelab-contracts.ts'),
}
const aliases = Object.entries(faces).map(
  ([name, replacement]) => `{ find: /^${name.replace('/', '\\/')}$/, replacement: '${replacement}' }`,
)
writeFileSync(
  join(scratch, 'vitest.config.ts'),
  `export default { resolve: { alias: [${aliases}] }, test: { include: ['**/*.test.ts'] } }`,
)
writeFileSync(join(scratch, 'package.json'), '{ "type": "module" }')
writeFileSync(
  join(scratch, 'tsconfig.json'),
  JSON.stringify({
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      rootDir: '/',
      typeRoots: [join(root, 'node_modules/@types')],
      paths: Object.fromEntries(Object.entries(faces).map(([name, path]) => [name, [path]])),
    },
    include: ['*.ts'],
    exclude: ['vitest.config.ts'],
  }),
)

function inScratch(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, args, {
    cwd: scratch,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    timeout: 120_000,
  })
}
const ratelab = (...args: string[]) => inScratch(join(root, 'cli/main.js'), ...args)

test('`ratelab new` writes a strategy, a scenario and a profile that type-check, pass their tests, and run', () => {
  const strategy = ratelab('new', 'strategy')
  expect([strategy.status, strategy.stderr]).toEqual([0, ''])
  expect(strategy.stdout).toBe(
    'Wrote my-strategy.ts and my-strategy.test.ts. Next, run it with `npx ratelab run burst --strategies none,retry-pace,./my-strategy.ts`, ' +
      'and test it with `npx vitest run my-strategy.test.ts`.\n',
  )
  const scenario = ratelab('new', 'scenario', 'Night_Job.ts')
  expect([scenario.status, scenario.stderr]).toEqual([0, ''])
  expect(scenario.stdout).toContain('`npx ratelab run ./Night_Job.ts`')
  const profile = ratelab('new', 'profile', 'Our-Account.ts')
  expect(profile.stdout, profile.stderr).toContain('`npx ratelab run steady --profile ./Our-Account.ts`')

  const types = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', scratch, '--noEmit'], { encoding: 'utf8' })
  expect(types.status, types.stdout).toBe(0)
  const tests = inScratch(join(root, 'node_modules/vitest/vitest.mjs'), 'run')
  expect(tests.status, tests.stdout + tests.stderr).toBe(0)
  expect(tests.stdout).toMatch(/Test Files\s+3 passed/)

  const own = ['--strategies', 'none,./my-strategy.ts', '--profile', './Our-Account.ts']
  const run = ratelab('run', './Night_Job.ts', '--seeds', '2', ...own, '--out', 'out')
  expect(run.status, run.stderr).toBe(0)
  const { cases, profile: used } = JSON.parse(readFileSync(join(scratch, 'out/night-job-custom/report.json'), 'utf8'))
  expect(used.name).toBe('our-account')
  expect(cases[0].strategies[0]).toMatchObject({ id: 'my-strategy', label: 'my-strategy(5 attempts, 1000 ms)' })
})

test('`ratelab new` overwrites nothing, and leaves nothing behind when it fails', () => {
  writeFileSync(join(scratch, 'kept.test.ts'), 'mine')
  const refused = (status: number, message: RegExp, ...args: string[]) => {
    const before = readdirSync(scratch)
    const run = ratelab('new', ...args)
    expect([run.status, run.stdout]).toEqual([status, ''])
    expect(run.stderr).toMatch(message)
    expect(readdirSync(scratch)).toEqual(before)
  }
  refused(2, /Expected kept\.test\.ts not to exist yet, but it does: name another path/, 'strategy', 'kept.ts')
  refused(
    2,
    /to end with \.ts or \.mts but not with \.test\.ts, such as my-scenario\.ts, got "kept"/,
    'scenario',
    'kept',
  )
  refused(2, /got "it's\.ts"/, 'strategy', "it's.ts")
  refused(2, /got "a\.test\.ts"/, 'strategy', 'a.test.ts')
  refused(
    3,
    /Expected to be able to write to nowhere\/x\.ts, but: .* Name another path, or create its folder\./,
    'strategy',
    'nowhere/x.ts',
  )
  refused(2, /Allowed choices are strategy, scenario, profile/, 'report')
  expect(readFileSync(join(scratch, 'kept.test.ts'), 'utf8')).toBe('mine')
  expect(existsSync(join(scratch, 'kept.ts'))).toBe(false)
})

test('`ratelab new` says what must be done first, and takes an .mts file where Node reads .ts as CommonJS', () => {
  const empty = mkdtempSync(join(tmpdir(), 'ratelab-new-empty-'))
  try {
    writeFileSync(join(empty, 'package.json'), '{ "type": "commonjs" }')
    const inEmpty = (...args: string[]) =>
      spawnSync(process.execPath, [join(root, 'cli/main.js'), ...args], { cwd: empty, encoding: 'utf8' })
    mkdirSync(join(empty, 'my own'))
    expect(inEmpty('new', 'strategy', 'my own/mine.ts').stdout).toBe(
      'Wrote my own/mine.ts and my own/mine.test.ts. Set "type": "module" in package.json, so that Node reads the file as a module: ' +
        '`npm pkg set type=module`. Install what the test needs: `npm install --save-dev vitest fast-check`. Next, run it with ' +
        "`npx ratelab run burst --strategies none,retry-pace,'./my own/mine.ts'`, and test it with `npx vitest run 'my own/mine.test.ts'`.\n",
    )
    expect(inEmpty('new', 'profile', 'ours.mts').stdout).not.toContain('"type"')
    expect(readFileSync(join(empty, 'ours.test.mts'), 'utf8')).toContain("from './ours.mts'")
    const run = ['run', 'steady', '--profile', './ours.mts', '--strategies', 'none', '--seeds', '1']
    const { status, stdout, stderr } = inEmpty(...run)
    expect(status, stderr).toBe(0)
    expect(stdout).toContain('profile ours')
  } finally {
    rmSync(empty, { recursive: true, force: true })
  }
})

test('a profile that does not load is told by file and line, and nothing is written', () => {
  const path = join(scratch, 'broken.ts')
  for (const [content, message] of [
    ['export default {\n  name: ,\n}', `SyntaxError: .*\n +${path}:2\n`],
    ['const limits = undefined\nexport default { models: limits.length }', `TypeError: .*\n +${path}:2\n`],
  ] as const) {
    writeFileSync(path, content)
    for (const command of [['run', 'burst', '--out', 'broken'], ['serve'], ['gateway']]) {
      const run = ratelab(...command, '--profile', './broken.ts')
      expect([run.status, run.stdout]).toEqual([2, ''])
      expect(run.stderr).toMatch(
        new RegExp(`^ratelab: Expected ${path} to load as a profile, but it throws: ${message}`),
      )
    }
    expect(existsSync(join(scratch, 'broken'))).toBe(false)
  }
})
