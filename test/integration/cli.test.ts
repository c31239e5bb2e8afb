import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { scratchFolder } from '../scratch-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const { scratch, file } = scratchFolder('cli')

const main = join(root, 'cli/main.js')
const small = ['--seeds', '2', '--strategies', 'none,retry-pace', '--set', 'arrivals.calls=50']

function ratelab(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [main, ...args], {
    cwd: scratch,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    timeout: 120_000,
  })
}

/** The paths of all files below a folder. */
function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() : []
}

describe('ratelab run', () => {
  test('runs a scenario and writes its report', () => {
    const out = join(scratch, 'whole')
    const { status, stdout, stderr } = ratelab('run', 'burst', ...small, '--out', out)
    expect(status, stderr).toBe(0)
    expect(stdout).toContain('retry-pace')
    expect(stderr).toContain('Report: ')
    const written = filesIn(join(out, 'burst-custom'))
    expect(written).toEqual(expect.arrayContaining(['report.md', 'report.json', 'cells.jsonl']))
    expect(written.filter((name) => name.endsWith('.png')).length).toBeGreaterThanOrEqual(3)
    expect(written.filter((name) => name.includes('unfinished'))).toEqual([])
    // Every picture to which the report links must exist.
    const md = readFileSync(join(out, 'burst-custom/report.md'), 'utf8')
    const pictures = [...md.matchAll(/\]\(([^)]+\.png)\)/g)].map(([, path]) => path!)
    expect(pictures.length).toBeGreaterThanOrEqual(3)
    for (const picture of pictures) expect(existsSync(join(out, 'burst-custom', picture)), picture).toBe(true)
  })

  test('gives the same bytes for the same seeds, and nothing but JSON on standard output', () => {
    const runs = ['a', 'b'].map((name) => ratelab('run', 'burst', ...small, '--json', '--out', join(scratch, name)))
    expect(runs[0]!.status, runs[0]!.stderr).toBe(0)
    expect(runs[1]!.stdout).toBe(runs[0]!.stdout)
    expect(JSON.parse(runs[0]!.stdout)).toMatchObject({ schema: 'ratelab.report/2' })
    for (const name of ['report.md', 'report.json', 'cells.jsonl'])
      expect(readFileSync(join(scratch, 'a/burst-custom', name), 'utf8')).toBe(
        readFileSync(join(scratch, 'b/burst-custom', name), 'utf8'),
      )
  })

  test('runs on any seeds, and the run of one seed alone gives the same figures as among others', () => {
    const efficiencies = (...args: string[]): number[] => {
      const { status, stdout, stderr } = ratelab('run', 'burst', ...small, ...args, '--json')
      expect(status, stderr).toBe(0)
      const { strategies } = JSON.parse(stdout).cases[1]
      return strategies.find(({ id }: { id: string }) => id === 'retry-pace').efficiency_by_seed
    }
    const [, second] = efficiencies('--seed', `${2 ** 32}`)
    expect(efficiencies('--seed', `${2 ** 32 + 1}`, '--seeds', '1')).toEqual([second])
    expect(efficiencies('--seed', `${2 ** 53 - 10_000}`)).toHaveLength(2)
  })

  test('runs the scenario of a user’s file', () => {
    const { status, stdout, stderr } = ratelab('run', join(root, 'examples/lunch-rush.ts'), '--seeds', '2')
    expect(status, stderr).toBe(0)
    expect(stdout).toContain('retry-pace')
    expect(filesIn(join(scratch, 'reports/lunch-rush-custom'))).toContain('report.md')
  })

  test('simulates free quota, workspaces and waits inside the provider for a user’s scenario', () => {
    const world = (account: object) => ({ accounts: [{ name: 'ours', keys: ['sk-1'], ...account }] })
    const trickle = {
      arrivals: { kind: 'poisson', perSecond: 2, until: 60_000 },
      title: '{arrivals.perSecond} a second',
    }
    const rise = {
      arrivals: { kind: 'poisson', perSecond: 8, until: 20_000 },
      title: '{serverWait}',
      serverWait: 60_000,
    }
    const limits = { 'qwen3-max': [{ rule: 'rps', limit: 1, window: 1000 }] }
    const common = {
      lengths: { kind: 'fixed', prompt: 100, output: 100 },
      maxTokens: 200,
      patience: 60_000,
      horizon: 300_000,
    }
    const cases = [
      { name: 'stopped', ...trickle, world: world({ freeTokens: 10_000, stopWhenFreeIsUsed: true }) },
      { name: 'unpayable', ...trickle, world: world({ freeTokens: 10_000, payable: false }) },
      { name: 'workspace', ...trickle, world: world({ workspaces: [{ name: 'team', keys: ['sk-1'], limits }] }) },
      { name: 'held', ...rise, world: world({}) },
    ].map((each) => ({ ...each, ...common }))
    const own = {
      name: 'own',
      title: 'Own',
      question: 'What happens?',
      model: 'qwen3-max',
      world: { profile: 'article', ...world({}) },
      strategies: ['none'],
      cases,
    }
    const path = file('own.ts', `export default ${JSON.stringify(own)}`)
    const { status, stdout, stderr } = ratelab('run', path, '--seeds', '1', '--json')
    expect(status, stderr).toBe(0)
    const report = JSON.parse(stdout)
    const [stopped, unpayable, workspace, held] = report.cases.map(
      (each: { strategies: object[] }) => each.strategies[0],
    )
    expect(stopped.outcomes.failed).toBeGreaterThan(10)
    expect(unpayable.denials.free).toBeGreaterThan(10)
    expect(workspace.denials.rps).toBeGreaterThan(10)
    expect(held.denials.burst).toBe(0)
    expect(report.cases[3].title).toBe('1 min')
    const misspelt = file(
      'own-misspelt.ts',
      `export default ${JSON.stringify(own).replaceAll('payable', 'payble').replaceAll('serverWait":60000', 'serverWait":-1')}`,
    )
    const refused = ratelab('run', misspelt)
    expect(refused.status).toBe(2)
    expect(refused.stderr).toMatch(
      /`cases\[3\]\.serverWait` to be >= 0, got -1[\s\S]*got "payble"; did you mean payable\?/,
    )
  })

  test('runs plug-ins by their paths, and strategies of the catalogue with options by name', () => {
    file('mine.ts', "export default ({ model }) => ({ name: 'for ' + model, wrap: (next) => next })")
    const out = join(scratch, 'plug-ins')
    const strategies = 'none,./mine.ts,retry-full:attempts=5,base=500'
    const run = ratelab(
      'run',
      'burst',
      '--seeds',
      '2',
      '--set',
      'arrivals.calls=30',
      '--strategies',
      strategies,
      '--out',
      out,
    )
    expect(run.status, run.stderr).toBe(0)
    expect(run.stdout).toContain(`--strategies ${strategies}`)
    const { cases } = JSON.parse(readFileSync(join(out, 'burst-custom/report.json'), 'utf8'))
    const rows: { id: string; label: string }[] = cases[0].strategies
    expect(rows.map(({ id }) => id).sort()).toEqual(['mine', 'none', 'retry-full:attempts=5,base=500'])
    expect(ratelab('report', join(out, 'burst-custom')).stdout).toBe(run.stdout)
  })

  test.each([
    ['throws at load', "\nthrow new Error('ouch')", /Error: ouch\n {2}\S+broken\.ts:2\n$/],
    ['is no TypeScript', '\nexport default {', /SyntaxError: .*\n {2}\S+broken\.ts:2/],
    ['ends the process', 'process.exit(0)', /the process ended before/],
    [
      'throws in a timer at load',
      "setTimeout(() => {\n  throw new Error('late') })\nawait new Promise((resolve) => setTimeout(resolve, 500))\nexport default 1",
      /to catch their errors, but: it throws Error: late\n {2}\S+broken\.ts:2\n$/,
    ],
  ])('of a plug-in that %s names its file and line, and writes nothing', (_what, content, expected) => {
    file('broken.ts', content)
    const out = join(scratch, 'broken')
    const { status, stderr, stdout } = ratelab(
      'run',
      'burst',
      ...small.slice(0, 2),
      '--strategies',
      'none,./broken.ts',
      '--out',
      out,
    )
    expect(stderr).toMatch(expected)
    expect(stderr).not.toMatch(/^ +at /m)
    expect([status, stdout]).toEqual([2, ''])
    expect(filesIn(out)).toEqual([])
  })

  const proxy = "new Proxy({}, { get() { throw new Error('trap') }, ownKeys() { throw new Error('trap') } })"
  test.each([
    ['exports a proxy whose traps throw', `export default ${proxy}`, /to be readable, but it throws: Error: trap/],
    [
      'exports a `then` that never calls back',
      'export default { then() {} }',
      /a strategy \(name and wrap\)|got "then"/,
    ],
    [
      'is for Node a promise itself',
      'export function then() {}',
      /hostile\.ts to load as a .*, but it never finishes: /,
    ],
    ['waits for ever at load', 'await new Promise(() => {})', /hostile\.ts to load as a .*, but it never finishes: /],
    [
      'throws a proxy',
      'throw new Proxy({}, { getPrototypeOf() { throw 1 } })',
      /but it throws: its error cannot be read/,
    ],
  ])('of a plug-in, a scenario or a profile that %s names the file', (_what, content, expected) => {
    file('hostile.ts', content)
    for (const args of [
      ['burst', '--strategies', 'none,./hostile.ts'],
      ['./hostile.ts'],
      ['burst', '--profile', './hostile.ts'],
    ]) {
      const { status, stdout, stderr } = ratelab('run', ...args, '--out', join(scratch, 'hostile'))
      expect(stderr).toMatch(expected)
      expect(stderr).toContain('hostile.ts')
      expect(stderr).not.toMatch(/^ +at |Warning/m)
      expect([status, stdout]).toEqual([2, ''])
    }
    expect(filesIn(join(scratch, 'hostile'))).toEqual([])
  })

  test('says what to do when Node reads a file as CommonJS, because the package.json of `npm init` says so', () => {
    const folder = join(scratch, 'common')
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }')
    for (const content of ['export default {}', "import 'node:fs'"]) {
      writeFileSync(join(folder, 'mine.ts'), content)
      writeFileSync(join(folder, 'study.ts'), content)
      for (const args of [['burst', '--strategies', './common/mine.ts'], ['./common/study.ts']]) {
        const { status, stderr } = ratelab('run', ...args)
        expect(stderr).toContain('Node reads the file as CommonJS: set "type": "module" in the nearest package.json')
        expect(status).toBe(2)
      }
    }
  })

  test('of a plug-in that fails while it runs writes the report of the others, says so in it, and ends with exit code 2', () => {
    file('fails.ts', "export default { name: 'x', wrap() {\n  throw new Error('w') } }")
    const out = join(scratch, 'fails')
    const args = ['--seeds', '2', '--set', 'arrivals.calls=30', '--out', out]
    const run = ratelab('run', 'burst', ...args, '--strategies', 'none,./fails.ts')
    expect(run.status).toBe(2)
    expect(run.stderr).toMatch(/it throws Error: w \(in case batch, strategy fails, seed 1\)\n {2}\S+fails\.ts:2\n$/)
    expect(run.stderr).not.toMatch(/^ +at /m)
    const folder = join(out, 'burst-custom')
    const read = (name: string) => readFileSync(join(folder, name), 'utf8')
    const text = 'failed and has no row'
    expect([run.stdout, read('report.md')]).toEqual([expect.stringContaining(text), expect.stringContaining(text)])
    const { failed, cases } = JSON.parse(read('report.json'))
    expect(failed).toEqual([{ id: 'fails', message: expect.stringContaining('it throws Error: w') }])
    const again = ratelab('report', folder)
    expect([again.status, again.stdout]).toEqual([0, run.stdout])
    ratelab('run', 'burst', ...args, '--strategies', 'none')
    expect(JSON.parse(read('report.json')).cases).toEqual(cases)
  })

  test('replays a recorded trace', () => {
    const rows = Array.from({ length: 40 }, (_, i) => `2023-11-16 18:15:${String(10 + i)}.1234567,${100 + i},20`)
    const trace = file('trace.csv', ['TIMESTAMP,ContextTokens,GeneratedTokens', ...rows].join('\n'))
    const { status, stdout, stderr } = ratelab('run', 'replay', '--trace', trace, '--seeds', '1', '--json')
    expect(status, stderr).toBe(0)
    expect(JSON.parse(stdout).cases[0].calls).toBe(40)
  })

  test('replays the example of the scenario when no trace is given, and a part of it', () => {
    const out = join(scratch, 'example')
    const usual = ratelab('run', 'replay', '--out', out)
    expect(usual.status, usual.stderr).toBe(0)
    expect(usual.stderr).toContain('No --trace is given: replays example.csv, the example of the scenario.\n')
    expect(readdirSync(out)).toEqual(['replay-example'])
    const part = ratelab('run', 'replay', '--out', out, '--seeds', '1', '--from', '30s', '--to', '1m', '--every', '2')
    expect(part.status, part.stderr).toBe(0)
    expect(part.stdout).toMatch(/^Not replayed, and part of no figure: \d+ of the 200 rows of example\.csv: /)
  })
})

describe('ratelab report', () => {
  /** Returns the contents of every file below a folder, in Base64, by its path in the folder. */
  const contents = (folder: string) =>
    new Map(
      filesIn(folder)
        .filter((name) => name.includes('.'))
        .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
    )

  test.each([
    ['burst', ['--seeds', '2', '--set', 'arrivals.calls=80']],
    ['steady', ['--seeds', '2', '--set', 'arrivals.until=20000', '--set', 'patience=Infinity']],
  ])('writes the report of %s again from its cells, with the same bytes', (name, args) => {
    const out = join(scratch, 'again')
    const ran = ratelab('run', name, ...args, '--out', out)
    expect(ran.status, ran.stderr).toBe(0)
    const folder = join(out, `${name}-custom`)
    const written = contents(folder)
    expect([...written.keys()]).toEqual(expect.arrayContaining(['cells.jsonl', 'report.md', 'report.json']))
    rmSync(join(folder, 'charts'), { recursive: true })
    for (const file of ['report.md', 'report.json']) rmSync(join(folder, file))
    const second = ratelab('report', folder)
    expect(second.status, second.stderr).toBe(0)
    expect(second.stdout).toBe(ran.stdout)
    expect(second.stderr).toBe(`Report: ${join(folder, 'report.md')}\n`)
    expect(contents(folder)).toEqual(written)
    for (const [format, file] of [
      ['md', 'report.md'],
      ['json', 'report.json'],
    ] as const)
      expect(ratelab('report', folder, '--format', format).stdout).toBe(readFileSync(join(folder, file), 'utf8'))
  })

  test('leaves the former report as it is when the charts cannot be written, and the same run goes on later', () => {
    const out = join(scratch, 'no-charts')
    const folder = join(out, 'burst-custom')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'charts'), 'a file with the name of the folder')
    writeFileSync(join(folder, 'report.md'), 'former')
    const ran = ratelab('run', 'burst', ...small, '--out', out)
    expect(ran.status).toBe(3)
    expect(ran.stderr).toMatch(/--out DIR/)
    expect(filesIn(folder)).toEqual(['cells.partial.jsonl', 'charts', 'report.md'])
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toBe('former')
    rmSync(join(folder, 'charts'))
    const again = ratelab('run', 'burst', ...small, '--out', out)
    expect([again.status, again.stdout]).toEqual([0, ran.stdout])
    expect(again.stderr).toContain('which has 16 of the runs')
    expect(filesIn(folder)).toContain('charts/batch-efficiency.png')
    rmSync(join(folder, 'charts'), { recursive: true })
    writeFileSync(join(folder, 'charts'), 'a file with the name of the folder')
    const blocked = ratelab('report', folder)
    expect([blocked.status, blocked.stdout]).toEqual([3, ran.stdout])
    expect(blocked.stderr).toMatch(/Copy the folder/)
  })

  test('reports what is wrong with its folder, and does not change it', () => {
    const right = join(scratch, 'right')
    expect(ratelab('run', 'burst', ...small, '--out', right).status).toBe(0)
    const lines = readFileSync(join(right, 'burst-custom/cells.jsonl'), 'utf8').split(/(?<=\n)/)
    const folder = join(scratch, 'damaged')
    mkdirSync(folder)
    const remedy =
      /Run `ratelab run burst --strategies none,retry-pace --seeds 2 --set arrivals\.calls=50` again to write a new file\.\n$/
    const refused = (path: string, message: RegExp) => {
      const { status, stdout, stderr } = ratelab('report', path)
      expect(stderr).toMatch(message)
      expect(stderr).not.toMatch(/\n\s+at /)
      expect([status, stdout]).toEqual([2, ''])
    }
    refused(join(scratch, 'nowhere'), /there is no such folder/)
    refused(join(right, 'burst-custom/cells.jsonl'), /there is no such folder/)
    refused(folder, /to contain cells\.jsonl, but it does not: run the scenario again with `ratelab run`/)
    for (const [content, message] of [
      ['', /cells\.jsonl: Expected a study in the first line, got an empty file/],
      [lines.slice(0, 4).join(''), /Expected 16 cells, .* got 3/],
      [`${lines.slice(0, 4).join('')}{"case":`, /line 5: Expected a JSON object, got text that is not JSON/],
      [[...lines, lines[2]].join(''), /line 18: Expected each cell once/],
    ] as const) {
      writeFileSync(join(folder, 'cells.jsonl'), content)
      refused(folder, message)
      if (content !== '') expect(ratelab('report', folder).stderr).toMatch(remedy)
      expect(filesIn(folder)).toEqual(['cells.jsonl'])
    }
  })
})

describe('ratelab run --shard and ratelab merge', () => {
  /** Returns the contents of every file below a folder, in Base64, by its path in the folder. */
  const contents = (folder: string) =>
    Object.fromEntries(
      filesIn(folder)
        .filter((name) => name.includes('.'))
        .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
    )

  test.each([
    ['burst', small],
    ['steady', [...small.slice(0, 4), '--set', 'arrivals.until=15000', '--set', 'patience=Infinity']],
  ])('three shards of %s, merged in any order, give the bytes of one run', (name, args) => {
    const [whole, parts, joined] = ['whole', 'parts', 'joined'].map((folder) => join(scratch, `${name}-${folder}`))
    const ran = ratelab('run', name, ...args, '--out', whole!)
    expect(ran.status, ran.stderr).toBe(0)
    for (const i of [1, 2, 3]) {
      const shard = ratelab('run', name, ...args, '--shard', `${i}/3`, '--out', join(parts!, `${i}`))
      expect([shard.status, shard.stdout], shard.stderr).toEqual([0, ''])
      expect(filesIn(parts!).filter((file) => file.startsWith(`${i}/${name}-custom/`))).toEqual([
        `${i}/${name}-custom/cells-${i}-of-3.jsonl`,
      ])
    }
    const third = join(parts!, `3/${name}-custom/cells-3-of-3.jsonl`)
    const merge = ratelab('merge', third, join(parts!, '1'), join(parts!, '2'), third, '--out', joined!)
    expect(merge.stderr).toBe(`Report: ${join(joined!, `${name}-custom/report.md`)}\n`)
    expect([merge.status, merge.stdout]).toEqual([0, ran.stdout])
    expect(contents(joined!)).toEqual(contents(whole!))
  })

  test('reads the shard from the environment of a job, says so, and obeys --shard all the same', () => {
    const out = join(scratch, 'job')
    const env = { ...process.env, NO_COLOR: '1', JOB_COMPLETION_INDEX: '1', RATELAB_SHARDS: '3' }
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [main, 'run', 'burst', ...small, '--out', out, ...args], { encoding: 'utf8', env })
    const { status, stdout, stderr } = run()
    expect([status, stdout]).toEqual([0, ''])
    expect(stderr).toMatch(
      /^Shard 2\/3 by JOB_COMPLETION_INDEX=1 and RATELAB_SHARDS=3; --shard 1\/1 runs the whole study\.\n/,
    )
    expect(filesIn(join(out, 'burst-custom'))).toEqual(['cells-2-of-3.jsonl'])
    expect(run('--shard', '3/3').stderr).not.toContain('JOB_COMPLETION_INDEX')
    expect(filesIn(join(out, 'burst-custom'))).toEqual(['cells-2-of-3.jsonl', 'cells-3-of-3.jsonl'])
    expect(run('--shard', '1/1').status).toBe(0)
    expect(filesIn(join(out, 'burst-custom'))).toContain('report.md')
  })

  test('merge refuses what is missing, doubled, foreign or damaged, says what to run, and writes nothing', () => {
    const parts = join(scratch, 'refused')
    for (const i of [1, 2]) ratelab('run', 'burst', ...small, '--shard', `${i}/2`, '--out', join(parts, `${i}`))
    ratelab('run', 'burst', ...small, '--set', 'rejectsCount=true', '--shard', '2/2', '--out', join(parts, 'foreign'))
    ratelab('run', 'burst', ...small, '--shard', '2/2', '--out', join(parts, 'double'))
    const damaged = file(
      'damaged.jsonl',
      readFileSync(join(parts, '2/burst-custom/cells-2-of-2.jsonl'), 'utf8').slice(0, -50),
    )
    const out = join(scratch, 'merged')
    const command = '`ratelab run burst --strategies none,retry-pace --seeds 2 --set arrivals.calls=50 --shard 2/2`'
    for (const [paths, message] of [
      [['1'], `missing 2/2. Run ${command}, and merge again with all files.`],
      [['1', '2', 'double'], 'are both shard 2/2. Leave one of them out.'],
      [['1', 'foreign'], 'differ in the switches of the provider. Leave one of them out'],
      [['1', damaged], `the file may be cut off. Run ${command} again to write a new file.`],
      [['nowhere'], 'but it does not exist'],
    ] as const) {
      const { status, stdout, stderr } = ratelab('merge', ...paths.map((path) => resolve(parts, path)), '--out', out)
      expect(stderr).toContain(message)
      expect(stderr).not.toMatch(/\n\s+at /)
      expect([status, stdout, existsSync(out)]).toEqual([2, '', false])
    }
    mkdirSync(join(scratch, 'empty-folder'))
    expect(ratelab('merge', 'empty-folder').stderr).toMatch(/to contain files such as cells-1-of-3\.jsonl, got none/)
    expect(ratelab('merge').stderr).toMatch(/missing required argument 'paths'/)
    expect(ratelab('merge', join(parts, '1'), '--out', '').stderr).toMatch(/name a folder/)
  })

  describe('with files that a scenario and a plug-in import', () => {
    const rush = readFileSync(join(root, 'examples/lunch-rush.ts'), 'utf8')
    const files = {
      'study.ts': `import './of-study.ts'\n${rush.replace(/^( *)strategies:.*$/m, "$1strategies: ['none', './mine.ts'],")}`,
      'of-study.ts': 'export const unused = 1\n',
      'mine.ts': "import { wrap } from './of-mine.ts'\nexport default { name: 'mine', wrap }\n",
      'of-mine.ts': "export { wrap } from './lib/deep.js'\n",
      'lib/deep.js': 'export const wrap = (send) => (call) => send(call)\n',
      'unrelated.ts': 'export {}\n',
    }

    /** Runs a shard of the study in a folder of its own, as on a machine of its own. One file can have a comment more. */
    function shardOn(machine: string, shard: string, changed?: string): SpawnSyncReturns<string> {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(join(scratch, machine, 'lib'), { recursive: true })
        writeFileSync(join(scratch, machine, name), name === changed ? `${content}// a comment\n` : content)
      }
      const args = ['run', 'study.ts', '--seeds', '2', '--shard', shard, '--out', '.']
      const cwd = join(scratch, machine)
      return spawnSync(process.execPath, [main, ...args], { cwd, encoding: 'utf8' })
    }
    const cells = (machine: string, shard: string) => join(scratch, machine, `lunch-rush-custom/cells-${shard}.jsonl`)

    beforeAll(() => {
      const { status, stderr } = shardOn('first', '1/2')
      expect(status, stderr).toBe(0)
    })

    test.each(Object.keys(files).filter((name) => name !== 'unrelated.ts'))(
      'another content of %s is refused',
      (name) => {
        expect(shardOn('other', '2/2', name).status).toBe(0)
        const { status, stderr } = ratelab(
          'merge',
          cells('first', '1-of-2'),
          cells('other', '2-of-2'),
          '--out',
          'refused',
        )
        expect(stderr).toMatch(
          /differ in the content of the scenario’s file, .* or of a file that one of them imports\./,
        )
        expect([status, existsSync(join(scratch, 'refused/lunch-rush-custom'))]).toEqual([2, false])
      },
    )

    test('another content of a file that none imports is not, nor is another folder', () => {
      expect(shardOn('far/away', '2/2', 'unrelated.ts').status).toBe(0)
      const merged = ratelab('merge', cells('first', '1-of-2'), cells('far/away', '2-of-2'), '--out', 'joined')
      expect(merged.status, merged.stderr).toBe(0)
    })

    test('a run goes on from its cells only with the same files', () => {
      // The journal of a run that was killed has the lines of the shard's file, of which the last ones are missing.
      const kill = () => {
        const lines = readFileSync(cells('first', '1-of-2'), 'utf8').split(/(?<=\n)/)
        mkdirSync(join(scratch, 'killed-helped/lunch-rush-custom'), { recursive: true })
        writeFileSync(cells('killed-helped', '1-of-2.partial'), lines.slice(0, 3).join(''))
      }
      kill()
      expect(shardOn('killed-helped', '1/2', 'unrelated.ts').stderr).toMatch(/Goes on from .*, which has 2 of the runs/)
      kill()
      const { status, stderr } = shardOn('killed-helped', '1/2', 'lib/deep.js')
      expect(stderr).toMatch(
        /is not used and will be replaced: it and this study differ in the content of .* imports\./,
      )
      expect(status).toBe(0)
    })
  })
})

describe('ratelab list', () => {
  test('lists scenarios, strategies, profiles and settings', () => {
    const { status, stdout } = ratelab('list')
    expect(status).toBe(0)
    for (const name of ['burst', 'steady', 'replay', 'retry-pace', 'article-proxy', 'cn-beijing', 'terms of service'])
      expect(stdout).toContain(name)
    expect(ratelab('list', '--settings').stdout).toContain('rejectsCount')
  })

  test('every command has --help', () => {
    for (const args of [
      ['--help'],
      ['run', '--help'],
      ['report', '--help'],
      ['merge', '--help'],
      ['fit', '--help'],
      ['list', '--help'],
    ])
      expect(ratelab(...args).status).toBe(0)
    expect(ratelab('--help').stdout).toContain('Exit codes')
    expect(ratelab('report', '--help').stdout).toContain('cells.jsonl')
    expect(ratelab('run', '--help').stdout).toContain('JOB_COMPLETION_INDEX')
    expect(ratelab('merge', '--help').stdout).toContain('cells-1-of-2.jsonl')
  })
})

describe('ratelab fit', () => {
  const example = join(root, 'scenarios/traces/example.csv')

  test('prints laws and lengths, and the JSON that a case takes', () => {
    const text = ratelab('fit', example)
    expect([text.status, text.stderr]).toEqual([0, ''])
    expect(text.stdout).toMatch(
      /^example\.csv: 200 calls in .* \(Azure\)\n[\s\S]*← proposed[\s\S]*\narrivals: \{.*\},\nlengths: \{.*\},\n$/,
    )
    const { case: proposed, trace } = JSON.parse(ratelab('fit', example, '--json').stdout)
    expect(trace).toEqual({ file: 'example.csv', format: 'Azure', rows: 200, outside: 0 })
    expect(text.stdout).toContain(JSON.stringify(proposed.arrivals))
  })

  test.each([
    [['fit', 'missing.csv'], /^ratelab: Expected to read the file missing\.csv, but it does not exist/],
    [['fit', example, '--columns', 'x'], /^ratelab: Expected `--columns` to be such as arrival=time/],
    [['fit', example, '--from', '1h'], /^ratelab: Expected `--from` and `--to` to leave rows of/],
    [['fit', example, '--to', '1ms'], /^ratelab: Expected at least two calls, and at most 1,000 a millisecond/],
  ])('%j is wrong input', (args, message) => {
    const { status, stderr, stdout } = ratelab(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })
})

describe('wrong input gives a clear message, exit code 2, no stack trace and no files', () => {
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
  const misspelt = ['export default {', "  name: 'x',", "  title: 'y'", "  question: 'z',", '}', ''].join('\n')
  const syntaxOfTypeScript = file('syntax.ts', misspelt)
  const syntaxOfJavaScript = file('syntax.js', misspelt)
  const importsIt = file('imports-it.ts', "import it from './syntax.js'\nexport default it\n")
  const enumeration = file('enum.ts', '\nenum Kind { a }\nexport default Kind\n')
  const laterThrow = file('later.ts', '\n\nexport default undefined!.foo\n')
  const parses = file('parses.ts', '\nexport default JSON.parse("{oops")\n')
  const wrongWorld = file(
    'wrong-world.ts',
    'export default { name: "Bad Name", world: { profile: "nope", accounts: [{ name: "a", keys: [] }] } }',
  )
  const exits = file('exits.ts', 'process.exit(0)')
  const neverLoads = file('never-loads.ts', 'await new Promise(() => {})')
  const throwingGetter = file('throwing-getter.ts', 'export default { get name() { throw new Error("ouch") } }')
  const noDefault = file('no-default.ts', 'export const x = 1')

  test.each([
    ['an unknown scenario', ['run', 'burts'], /did you mean burst\?/],
    ['a missing file', ['run', './nowhere.ts'], /no such file/],
    ['a missing folder argument', ['report'], /missing required argument 'folder'/],
    ['a missing scenario argument', ['run'], /missing required argument 'scenario'/],
    ['an unknown command', ['rum', 'burst'], /unknown command 'rum'/],
    ['an unknown option', ['run', 'burst', '--sedes', '3'], /unknown option '--sedes'/],
    ['an unknown strategy', ['run', 'burst', '--strategies', 'retry-pase'], /did you mean retry-pace\?/],
    [
      'an empty list of strategies',
      ['run', 'burst', '--strategies', ','],
      /`--strategies` to name at least one strategy/,
    ],
    [
      'several mistakes, reported together',
      ['run', 'burst', '--strategies', 'retry-pase', '--profile', 'int', '--set', 'pateince=1'],
      /^ratelab: 3 problems:\n {2}Expected `--strategies\[0\]`.*\n {2}Expected `--profile`.*\n {2}Expected `--set` to change a known key, got "pateince".*\n$/,
    ],
    [
      'an unknown profile',
      ['run', 'burst', '--profile', 'int'],
      /`--profile` to be one of article, intl, cn-beijing, got "int"; did you mean intl\?/,
    ],
    ['an unknown key', ['run', 'burst', '--set', 'rejectCount=true'], /did you mean rejectsCount\?/],
    ['a negative number', ['run', 'burst', '--set', 'patience=-5'], /patience.* > 0, got -5|patience.* >= 0, got -5/],
    ['a value that is not a number', ['run', 'burst', '--set', 'burstGrowth=NaN'], /finite number/],
    ['a huge number of calls', ['run', 'burst', '--set', 'arrivals.calls=1e15'], /arrivals\.calls/],
    ['a negative number of seeds', ['run', 'burst', '--seeds', '-1'], /--seeds/],
    ['a seed that is not whole', ['run', 'burst', '--seed', '1.5'], /--seed/],
    [
      'seeds beyond the greatest exact whole number',
      ['run', 'burst', '--seed', '9007199254740991'],
      /--seed` .*<= 9007199254730992/,
    ],
    ['a shard that counts from 0', ['run', 'burst', '--shard', '0/3'], /`--shard` to be i\/n with whole numbers/],
    [
      'more shards than runs',
      ['run', 'burst', ...small, '--shard', '1/17'],
      /at most 16 shards, because the study has 16 runs/,
    ],
    ['an unknown format', ['run', 'burst', '--format', 'pdf'], /terminal, md, json/],
    [
      'a part of a trace without rows',
      ['run', 'replay', '--from', '2h'],
      /`--from` and `--to` to leave rows of .*example\.csv/,
    ],
    [
      'columns that the trace does not have',
      ['run', 'replay', '--columns', 'prompt=tokens'],
      /`--columns` to name columns/,
    ],
    ['a part for a scenario that replays nothing', ['run', 'burst', '--every', '2'], /`--every` only with a scenario/],
    [
      'a trace for a scenario that does not use it',
      ['run', 'burst', '--trace', headerOnly],
      /only with a scenario that replays/,
    ],
    ['a trace that does not exist', ['run', 'replay', '--trace', 'gone.csv'], /gone\.csv/],
    ['a folder in place of a trace', ['run', 'replay', '--trace', scratch], /folder|directory/],
    [
      'a strategy that needs more accounts than the world has',
      ['run', 'steady', '--strategies', 'rotation'],
      /two accounts/,
    ],
    ['an empty trace', ['run', 'replay', '--trace', empty], /empty/],
    ['a trace without rows', ['run', 'replay', '--trace', headerOnly], /row|call/],
    ['a truncated trace', ['run', 'replay', '--trace', truncated], /line 3/],
    ['1 GB of binary zeros', ['run', 'replay', '--trace', zeros], /zeros\.csv/],
    ['a scenario file that throws', ['run', broken], /no coffee/],
    [
      'a syntax error in TypeScript; the error has file, line and source',
      ['run', syntaxOfTypeScript],
      /SyntaxError: Expected ','.*\n {2}\/.*\/syntax\.ts:4\n[\s\S]*question: 'z',\n\s+\^+\n$/,
    ],
    [
      'a syntax error in JavaScript; the error has file, line and source',
      ['run', syntaxOfJavaScript],
      /SyntaxError: Unexpected identifier.*\n {2}\/.*\/syntax\.js:4\n[\s\S]*question: 'z',\n\s+\^+\n$/,
    ],
    [
      'a syntax error in a file that the scenario imports; the error has the line of that file',
      ['run', importsIt],
      /imports-it\.ts to load[\s\S]*\n {2}\/.*\/syntax\.js:4\n/,
    ],
    [
      'TypeScript that Node cannot run without compiling; the error has file and line',
      ['run', enumeration],
      /enum is not supported.*\n {2}\/.*\/enum\.ts:2\n/,
    ],
    [
      'a scenario file that throws; the error has the line',
      ['run', laterThrow],
      /TypeError: .*\n {2}\/.*\/later\.ts:3\n$/,
    ],
    [
      'wrong fields and a wrong world, reported in one list',
      ['run', wrongWorld],
      /`name`[\s\S]*`title`[\s\S]*`world\.profile`[\s\S]*`world\.accounts\[0\]\.keys`/,
    ],
    [
      'a scenario file that parses invalid JSON; the error has the line',
      ['run', parses],
      /SyntaxError: .*JSON.*\n {2}\/.*\/parses\.ts:2\n$/,
    ],
    ['a scenario file that ends the process', ['run', exits], /ended before/],
    [
      'a scenario file that never loads',
      ['run', neverLoads],
      /never-loads\.ts to load as a scenario, but it never finishes: /,
    ],
    ['a scenario with a getter that throws', ['run', throwingGetter], /ouch/],
    ['an empty name of the output folder', ['run', 'burst', '--out', ''], /name a folder/],
    ['a scenario without a default export', ['run', noDefault], /default export/],
    ['a scenario with many problems', ['run', many], /problems in the scenario[\s\S]*name[\s\S]*patience/],
  ])('%s', (_what, args, message) => {
    const out = join(scratch, 'never')
    // This --out comes before the arguments of the row, because the last --out counts and a row may have its own.
    const [command = '', ...options] = args
    const { status, stdout, stderr } = ratelab(
      command,
      ...(command === 'run' && options.length > 0 ? ['--out', out] : []),
      ...options,
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
  ])('an output folder that cannot be written ends the command before any run: %s', (_what, make) => {
    const { status, stdout, stderr } = ratelab('run', 'burst', ...small, '--out', make())
    expect(status).toBe(3)
    expect(stderr).toMatch(/--out DIR/)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stdout).toBe('')
  })
})

describe('a run that is ended early', () => {
  const study = ['run', 'burst', '--seeds', '40', ...small.slice(2, 4), '--set', 'arrivals.calls=150', '--json']

  /** Starts the study, and ends it with the signal as soon as the condition holds. */
  async function ended(signal: NodeJS.Signals, out: string, isTime: () => boolean) {
    const child = spawn(process.execPath, [main, ...study, '--out', out], { cwd: scratch })
    let stderr = ''
    child.stderr.on('data', (data) => {
      stderr += data
    })
    const timer = setInterval(() => {
      if (!isTime()) return
      clearInterval(timer)
      child.kill(signal)
    }, 5)
    const code = await new Promise((done) => child.on('close', done))
    clearInterval(timer)
    return { code, stderr }
  }

  const journalIn = (out: string) => join(out, 'burst-custom/cells.partial.jsonl')
  let whole: SpawnSyncReturns<string>
  beforeAll(() => {
    whole = ratelab(...study, '--out', join(scratch, 'never-ended'))
  })

  test('by Ctrl-C ends at once with exit code 130; the same command goes on from its cells', async () => {
    const out = join(scratch, 'interrupted')
    const { code, stderr } = await ended('SIGINT', out, () => existsSync(journalIn(out)))
    expect(code).toBe(130)
    expect(stderr).not.toMatch(/\n\s+at /)
    const [, kept] =
      /interrupted; no report was written, but (\d+) of \d+ runs are kept in .*partial\.jsonl: the same/.exec(stderr) ??
      []
    expect(Number(kept)).toBeGreaterThan(0)
    expect(filesIn(out)).toEqual(['burst-custom', 'burst-custom/cells.partial.jsonl'])
    const second = ratelab(...study, '--out', out)
    expect(second.stderr).toContain(
      `Goes on from ${journalIn(out)}, which has ${kept} of the runs; --fresh runs all again.`,
    )
    expect([second.status, second.stdout]).toEqual([0, whole.stdout])
    expect(readFileSync(join(out, 'burst-custom/cells.jsonl'))).toEqual(
      readFileSync(join(scratch, 'never-ended/burst-custom/cells.jsonl')),
    )
    expect(filesIn(out).filter((name) => name.includes('partial'))).toEqual([])
  })

  test('by Ctrl-C before the first cell leaves no files', async () => {
    const out = join(scratch, 'interrupted-early')
    mkdirSync(out)
    const slow = file(
      'slow.ts',
      `
      import burst from '${join(root, 'scenarios/burst.ts')}'
      const arrivals = { kind: 'custom', generate() { for (;;); } }
      export default { ...burst, name: 'slow', cases: [{ ...burst.cases[0], title: 'Never', arrivals }] }`,
    )
    const child = spawn(process.execPath, [main, 'run', slow, '--out', out], { cwd: scratch })
    let stderr = ''
    child.stderr.on('data', (data) => {
      // The first line is printed before the runs. After 1.5 s they have started.
      if (stderr === '') setTimeout(() => child.kill('SIGINT'), 1500)
      stderr += data
    })
    expect(await new Promise((done) => child.on('close', done))).toBe(130)
    expect(stderr).toContain('interrupted; no report was written\n')
    expect(filesIn(out)).toEqual([])
  })

  test('by a kill, with a cut last line, goes on; --fresh and another study do not', async () => {
    const out = join(scratch, 'killed')
    await ended('SIGKILL', out, () => existsSync(journalIn(out)) && statSync(journalIn(out)).size > 50_000)
    truncateSync(journalIn(out), 45_000)
    expect(filesIn(out)).toEqual(['burst-custom', 'burst-custom/cells.partial.jsonl'])
    cpSync(out, `${out}-fresh`, { recursive: true })
    cpSync(out, `${out}-other`, { recursive: true })
    const second = ratelab(...study, '--out', out)
    expect(second.stderr).toMatch(/Goes on from .*, which has \d+ of the runs/)
    const fresh = ratelab(...study, '--fresh', '--out', `${out}-fresh`)
    expect(fresh.stderr).not.toContain('Goes on')
    for (const { status, stdout } of [second, fresh]) expect([status, stdout]).toEqual([0, whole.stdout])
    const other = ratelab('run', 'burst', ...small, '--out', `${out}-other`)
    expect(other.stderr).toMatch(
      /partial\.jsonl is not used and will be replaced: it and this study differ in the seeds\./,
    )
    for (const folder of [out, `${out}-fresh`, `${out}-other`])
      expect(filesIn(folder).filter((name) => name.includes('partial'))).toEqual([])
  })
})

test('the report is written even when the reader of standard output closes it', async () => {
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
