import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { scratchFolder } from '../scratch-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const { scratch } = scratchFolder('compare')

function ratelabWith(env: Record<string, string>, ...args: string[]): SpawnSyncReturns<string> {
  const { GITHUB_STEP_SUMMARY: _, ...inherited } = process.env
  return spawnSync(process.execPath, [join(root, 'cli/main.js'), ...args], {
    cwd: scratch,
    encoding: 'utf8',
    env: { ...inherited, NO_COLOR: '1', ...env },
    timeout: 120_000,
  })
}
const ratelab = (...args: string[]) => ratelabWith({}, ...args)
// Six seeds are the least that lead to a conclusion. Without chance in the burst guard's phase a difference is certain on them.
const phase = ['--set', 'gridPhase=start']
const small = ['burst', '--seeds', '6', '--strategies', 'queue,retry-pace', ...phase, '--set', 'arrivals.calls=90']

/** Expects wrong input: exit code 2, a sentence and the remedy on standard error, and nothing on standard output. */
function refused(result: SpawnSyncReturns<string>, message: RegExp): void {
  expect(result.stderr).toMatch(message)
  expect(result.stderr).not.toMatch(/\n\s+at /)
  expect([result.status, result.stdout]).toEqual([2, ''])
}

beforeAll(() => {
  const fewer = small.with(-1, 'arrivals.calls=60')
  for (const [args, out] of [
    [small, 'old'],
    [fewer, 'new'],
  ] as const) {
    const { status, stderr } = ratelab('run', ...args, '--out', out)
    expect(status, stderr).toBe(0)
  }
})

const [old, changed] = ['old/burst-custom', 'new/burst-custom']

describe('ratelab compare', () => {
  test('finds nothing between a run and itself, and the gate is open', () => {
    const { status, stdout } = ratelab('compare', old, join(old, 'cells.jsonl'), '--gate')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^old\/burst-custom\/cells\.jsonl against old\/burst-custom: 192 not distinguishable\n/)
  })

  test('shows what became worse, and ends with 4 only at a gate', () => {
    const { status, stdout } = ratelab('compare', old, changed)
    expect(status).toBe(0)
    expect(stdout).toMatch(/▼ worse +retry-pace +attempts\/call +\+/)
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /The changed options differ: .*--set arrivals\.calls=90 and .*--set arrivals\.calls=60\./,
    )
    const gate = ratelab('compare', old, changed, '--gate')
    expect([gate.status, gate.stdout]).toEqual([4, stdout])
    expect(gate.stderr).toBe('ratelab: something became worse (--gate).\n')
    expect(ratelab('compare', old, changed, '--gate', '--metrics', 'elsewhere').status).toBe(0)
    expect(ratelab('compare', old, changed, '--gate', '--metrics', 'attempts', '--least', 'attempts=9').status).toBe(0)
  })

  test('compares two strategies of one run, written in two ways', () => {
    const list = ratelab('compare', old, '--strategies', 'queue,retry-pace', '--json')
    const places = ratelab('compare', `${old}:queue`, `${old}:retry-pace`, '--json')
    expect(places.status, places.stderr).toBe(0)
    const [ofList, ofPlaces] = [list, places].map(({ stdout }) => JSON.parse(stdout))
    expect(ofList.schema).toBe('ratelab.compare/1')
    expect(ofList.comparisons[0].rows).toEqual(ofPlaces.comparisons[0].rows)
    expect(ofList.comparisons[0].rows[0]).toMatchObject({ strategy_before: 'queue', strategy_after: 'retry-pace' })
  })

  test('writes Markdown, JUnit XML and a summary', () => {
    writeFileSync(join(scratch, 'summary.md'), 'before\n')
    const args = ['compare', old, changed, '--format', 'md', '--junit', 'compare.xml']
    const { status, stdout } = ratelabWith({ GITHUB_STEP_SUMMARY: 'summary.md' }, ...args)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^### ratelab compare: \d+ worse\n/)
    expect(readFileSync(join(scratch, 'summary.md'), 'utf8')).toBe(`before\n${stdout}\n`)
    expect(readFileSync(join(scratch, 'compare.xml'), 'utf8')).toMatch(
      /<failure message="Expected attempts\/call not to become/,
    )
  })

  test('draws a chart', () => {
    expect(ratelab('compare', old, changed, '--chart', 'compare.png').status).toBe(0)
    expect(readFileSync(join(scratch, 'compare.png')).subarray(1, 4).toString()).toBe('PNG')
    refused(
      ratelab('compare', old, changed, old, '--chart', 'x.png'),
      /Expected `--chart` with two results.*got 2 comparisons/,
    )
    refused(ratelab('compare', old, changed, '--chart', ''), /Expected `--chart` to name a file/)
    expect(ratelab('compare', old, changed, '--chart', 'no/such/folder.png').status).toBe(3)
  })

  test('says what is wrong with its input', () => {
    refused(
      ratelab('compare', old),
      /Expected a second result, or two strategies of one result as in `ratelab compare old/,
    )
    refused(ratelab('compare', old, 'nowhere'), /got "nowhere": there is no such folder/)
    refused(ratelab('compare', old, join(old, 'report.json')), /a report has only means.*Run the scenario again/)
    refused(
      ratelab('compare', old, join(root, 'reports/clients')),
      /to contain cells\.jsonl, but it does not: run the scen/,
    )
    refused(
      ratelab('compare', old, `${old}:quue`),
      /to name a strategy that took part \(queue, retry-pace\), got "quue"; did you mean queue\?/,
    )
    refused(
      ratelab('compare', `${old}:queue`, old, '--strategies', 'queue'),
      /either `--strategies` or a strategy behind/,
    )
    refused(
      ratelab('compare', old, changed, '--strategies', 'none'),
      /Expected `--strategies` to name a strategy that took part/,
    )
    refused(ratelab('compare', old, changed, '--metrics', 'succes'), /Expected `--metrics` .* did you mean success\?/)
    refused(ratelab('compare', old, changed, '--metrics', ''), /to name at least one metric/)
    refused(ratelab('compare', old, changed, '--strategies', ''), /to name at least one strategy/)
    refused(ratelab('compare', old, changed, '--least', 'much'), /Expected `--least` to be a share such as 0\.01 or 1%/)
    refused(ratelab('compare', old, changed, '--least', 'p95=5'), /Expected `--least` to compare waitP95 with a time/)
    refused(ratelab('compare', old, changed, '--least', 'p59=5s'), /Expected `--least` to name one of the metrics/)
    refused(ratelab('compare', old, changed, '--junit', ''), /Expected `--junit` to name a file, got ""/)
    const unwritable = ratelab('compare', old, changed, '--junit', 'no/such/folder.xml')
    expect(unwritable.status).toBe(3)
    expect(unwritable.stderr).toMatch(/Expected `--junit` to be a file that can be written/)
  })

  test('refuses damaged and hostile files as `ratelab report` does', () => {
    const lines = readFileSync(join(scratch, old, 'cells.jsonl'), 'utf8').split(/(?<=\n)/)
    for (const [content, message] of [
      [lines.slice(0, 4).join(''), /Expected 48 cells, .* got 3/],
      ['{"schema":"ratelab.cells/9"}\n', /another version of ratelab wrote this file/],
      [
        lines.join('').replace('"seed":1,', '"seed":1,"__proto__":{},'),
        /to have no fields but case, .*, got "__proto__"/,
      ],
      ['\u0000\u001b[2J', /Expected a JSON object/],
    ] as const) {
      writeFileSync(join(scratch, 'hostile.jsonl'), content)
      const result = ratelab('compare', old, 'hostile.jsonl')
      refused(result, message)
      expect(result.stderr).not.toContain('\u001b')
    }
  })

  test('a gate needs six seeds', () => {
    expect(ratelab('run', ...small.with(2, '1'), '--out', 'single').status).toBe(0)
    const single = 'single/burst-custom'
    expect(ratelab('compare', single, old).stdout).toContain('With fewer than 6 seeds there is no interval')
    refused(ratelab('compare', single, old, '--gate'), /at least 6 seeds in both results for `--gate`, got 1/)
  })

  test('results with nothing in common are an error that says what differs', () => {
    const steady = ['steady', '--seeds', '2', '--strategies', 'queue', '--set', 'arrivals.until=3000', '--out', 'other']
    expect(ratelab('run', ...steady).status).toBe(0)
    refused(
      ratelab('compare', old, 'other/steady-custom'),
      /to have a case and a strategy in common, got none\. The scenarios differ: burst and steady\..*Only old\/burst-custom has the cases batch,/,
    )
  })
})

describe('ratelab run --compare-to', () => {
  test('compares with an earlier run, even one in the folder that it writes', () => {
    cpSync(join(scratch, 'old'), join(scratch, 'same'), { recursive: true })
    const args = [
      'run',
      ...small.with(-1, 'arrivals.calls=60'),
      '--out',
      'same',
      '--compare-to',
      'same/burst-custom',
      '--gate',
    ]
    const { status, stdout, stderr } = ratelab(...args)
    expect(status, stderr).toBe(4)
    expect(stdout).toMatch(/\nthis run against same\/burst-custom: \d+ worse/)
    expect(stderr).toContain('ratelab: something became worse than in same/burst-custom (--gate).')
    const written = (name: string) => readFileSync(join(scratch, 'same/burst-custom', name), 'utf8')
    expect(JSON.parse(written('compare.json')).comparisons[0].counts.worse).toBeGreaterThan(0)
    expect(written('compare.md')).toMatch(/^### ratelab compare: \d+ worse/)
    expect(written('cells.jsonl')).toBe(readFileSync(join(scratch, changed, 'cells.jsonl'), 'utf8'))
  })

  test('leaves standard output one JSON document', () => {
    const { status, stdout } = ratelab('run', ...small, '--out', 'json', '--compare-to', old, '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout).schema).toBe('ratelab.report/2')
    expect(JSON.parse(readFileSync(join(scratch, 'json/burst-custom/compare.json'), 'utf8')).schema).toBe(
      'ratelab.compare/1',
    )
  })

  test('refuses before it runs what cannot be compared', () => {
    const run = (...args: string[]) => ratelab('run', ...small, '--out', 'never', ...args)
    refused(run('--compare-to', 'nowhere'), /there is no such folder/)
    refused(run('--gate'), /Expected `--gate` and `--least` only with `--compare-to FOLDER`/)
    refused(run('--compare-to', old, '--seeds', '1', '--gate'), /at least 6 seeds/)
    refused(
      ratelab('run', 'steady', '--out', 'never', '--compare-to', old),
      /to name a run of the same scenario, got old/,
    )
    expect(existsSync(join(scratch, 'never'))).toBe(false)
  })
})

describe('shards', () => {
  const outputsOf = (folder: string) =>
    readdirSync(join(scratch, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.\w+$/.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(scratch, folder, name), 'base64')])

  test('are merged and judged as the whole run is: thresholds of both kinds, an earlier run, files and exit code', () => {
    mkdirSync(join(scratch, 'sharded'))
    const rush = readFileSync(join(root, 'examples/lunch-rush.ts'), 'utf8')
    const own = "thresholds: ['retry-pace.success>=0%', 'success>=99.9%', 'none.success>=0%'],"
    writeFileSync(
      join(scratch, 'sharded/rush.ts'),
      rush.replace(/^( *)strategies:.*$/m, `$1${own}\n$1strategies: ['none', 'queue', 'retry-pace'],`),
    )
    const study = ['sharded/rush.ts', '--seeds', '6', '--strategies', 'queue,retry-pace']
    ratelab('run', ...study, '--set', 'rejectsCount=true', '--out', 'sharded/base')
    const checks = (name: string) => [
      ...['--threshold', 'p50<1h', '--compare-to', 'sharded/base/lunch-rush-custom', '--least', '0.5', '--gate'],
      ...['--junit', `sharded/${name}.xml`, '--summary', `sharded/${name}.md`, '--out', `sharded/${name}`],
    ]
    const whole = ratelab('run', ...study, ...checks('whole'))
    for (const shard of ['1/2', '2/2']) {
      const ran = ratelab('run', ...study, '--shard', shard, '--out', 'sharded/parts')
      expect([ran.status, ran.stderr.includes('threshold')], ran.stderr).toEqual([0, false])
    }
    const merged = ratelab('merge', 'sharded/parts', ...checks('merged'))
    expect(merged.stdout).toBe(whole.stdout)
    expect([whole.status, merged.status]).toEqual([4, 4])
    const told = (stderr: string) =>
      stderr
        .replaceAll('sharded/whole', 'sharded/merged')
        .split('\n')
        .filter((line) => !/in virtual time| elapsed/.test(line))
    expect(told(merged.stderr)).toEqual(told(whole.stderr))
    expect(merged.stderr).toMatch(/✗ success>=99\.9%: queue in /)
    expect(merged.stderr).toMatch(/✓ p50<1h: /)
    expect(merged.stderr).toContain('none.success>=0% is not judged')
    expect(outputsOf('sharded/merged')).toEqual(outputsOf('sharded/whole'))
    const [wholeFiles, mergedFiles] = ['whole', 'merged'].map((name) =>
      ['xml', 'md'].map((ending) => readFileSync(join(scratch, `sharded/${name}.${ending}`), 'utf8')),
    )
    expect(mergedFiles).toEqual(wholeFiles)
    refused(ratelab('merge', 'sharded/parts', '--out', 'never', '--threshold', 'succes>=0'), /did you mean success\?/)
    refused(ratelab('merge', 'sharded/parts', '--out', 'never', '--gate'), /Expected `--gate` and `--least` only with/)
    expect(existsSync(join(scratch, 'never'))).toBe(false)
  })

  test('take no checks of their own, and name the command that does', () => {
    const shard = (...args: string[]) => ratelab('run', ...small, '--shard', '1/2', '--out', 'never', ...args)
    refused(
      shard('--threshold', 'success>=0.9'),
      /Expected `--threshold` only for a whole study, got the shard 1\/2: join the shards with `ratelab merge --threshold …`/,
    )
    refused(shard('--compare-to', old, '--gate'), /with `ratelab merge --compare-to … --gate …`/)
    refused(shard('--junit', 'x.xml', '--summary', 'x.md', '--least', '0.1'), /`--least`, `--junit`, `--summary` only/)
    for (const path of ['never', 'x.xml', 'x.md']) expect(existsSync(join(scratch, path)), path).toBe(false)
  })
})

describe('thresholds', () => {
  const judged = (...args: string[]) => ratelab('run', ...small, '--out', 'judged', ...args)

  test('that are kept end with 0, and a crossed one with 4, after the report is written', () => {
    const kept = judged('--threshold', 'retry-pace.success>=99%', '--threshold', 'retry-pace.p50<1h')
    expect(kept.status, kept.stderr).toBe(0)
    expect(kept.stderr).toMatch(/✓ retry-pace\.success>=99%: retry-pace in batch: 100 %\n/)
    const crossed = judged('--threshold', 'success>=99%', '--junit', 'thresholds.xml', '--summary', 'thresholds.md')
    expect(crossed.status).toBe(4)
    expect(crossed.stdout).toBe(kept.stdout)
    expect(crossed.stderr).toMatch(/✗ success>=99%: queue in batch: \d/)
    expect(crossed.stderr).toMatch(/Thresholds: \d kept, \d crossed/)
    expect(readdirSync(join(scratch, 'judged/burst-custom'))).toContain('report.md')
    expect(readFileSync(join(scratch, 'thresholds.xml'), 'utf8')).toMatch(
      /<failure message="Expected success&gt;=99%, got/,
    )
    expect(readFileSync(join(scratch, 'thresholds.md'), 'utf8')).toMatch(/^### ratelab: thresholds\n/)
  })

  test('are judged by `ratelab report` without running', () => {
    const { status, stderr } = ratelab('report', old, '--threshold', 'queue.attempts<=1', '--threshold', 'attempts<=1')
    expect(status).toBe(4)
    expect(stderr).toMatch(/✓ queue\.attempts<=1: queue in batch: 1\.00\n/)
    expect(stderr).toMatch(/✗ attempts<=1: retry-pace in batch/)
  })

  test('that are wrong are refused before anything is run or written', () => {
    const never = (...args: string[]) => ratelab('run', ...small, '--out', 'never', ...args)
    refused(never('--threshold', 'succes>=0.9'), /did you mean success\?/)
    refused(
      never('--threshold', 'success>=99', '--threshold', 'p95<30'),
      /^ratelab: 2 problems:\n.*\n.*a time and its unit/,
    )
    refused(
      never('--threshold', 'none.success>=0.9'),
      /to name a strategy that takes part \(queue, retry-pace\), got "none"/,
    )
    refused(never('--threshold', 'success@bach>=0.9'), /to name a case of the scenario .*; did you mean batch\?/)
    refused(never('--junit', 'x.xml'), /Expected `--junit` only where something is checked: add a `--threshold` or/)
    refused(ratelab('report', old, '--summary', 'x.md'), /Expected `--summary` only where something is checked: add a/)
    refused(ratelab('report', old, '--threshold', 'p95>'), /to be a metric, one of < <= > >= and a value/)
    for (const path of ['never', 'x.xml', 'x.md']) expect(existsSync(join(scratch, path)), path).toBe(false)
  })

  test('of a scenario are checked when it is loaded, and judged when it is run', () => {
    mkdirSync(join(scratch, 'own'))
    const rush = readFileSync(join(root, 'examples/lunch-rush.ts'), 'utf8')
    const scenario = (...thresholds: string[]) => {
      const path = join(scratch, `own/rush-${thresholds.length}.ts`)
      writeFileSync(
        path,
        rush.replace(/^( *)strategies:/m, `$1thresholds: ${JSON.stringify(thresholds)},\n$1strategies:`),
      )
      return path
    }
    const wrong = ratelab('run', scenario('success>=2', 'retry-pac.success>=0.5', 'p95'), '--seeds', '2')
    refused(wrong, /3 problems in the scenario .*\n.*`thresholds\[0\]` to compare success with a number from 0 to 1/)
    expect(wrong.stderr).toMatch(/`thresholds\[1\] retry-pac\.success>=0\.5` to name a strategy that takes part/)
    const path = scenario('success>=0%', 'retry-pace.success>=0%')
    const ran = ratelab('run', path, '--seeds', '2', '--strategies', 'none')
    expect(ran.status, ran.stderr).toBe(0)
    expect(ran.stderr).toContain('The scenario’s threshold retry-pace.success>=0% is not judged, because its strategy')
    expect(ran.stderr).toMatch(/✓ success>=0%: none in/)
  })
})

describe('a strategy that fails', () => {
  const path = 'broken/mine.ts'
  const args = (out: string) => [
    'burst',
    '--seeds',
    '6',
    '--set',
    'arrivals.calls=30',
    '--strategies',
    `none,./${path}`,
    '--out',
    out,
  ]
  const content = (wrap: string) => writeFileSync(join(scratch, path), `export default { name: 'mine', wrap: ${wrap} }`)
  const throws = "() => async () => {\n  throw new Error('async') }"
  const read = (name: string) => readFileSync(join(scratch, name), 'utf8')
  const whole = 'broken/now/burst-custom'

  beforeAll(() => {
    mkdirSync(join(scratch, 'broken'))
    content('(next) => next')
    expect(ratelab('run', ...args('broken/old')).status).toBe(0)
    content(throws)
    expect(ratelab('run', ...args('broken/now')).status).toBe(2)
  })

  test.each([['mine.success@batch>=0.1'], ['mine.success@batch<=1']])('crosses the threshold %s', (threshold) => {
    const { status, stderr } = ratelab(
      'run',
      ...args('broken/judged'),
      '--threshold',
      threshold,
      '--junit',
      'broken/t.xml',
    )
    expect(stderr).toContain(
      `✗ ${threshold}: mine in batch: no figure, because the strategy failed\nThresholds: 0 kept, 1 crossed.`,
    )
    expect(read('broken/t.xml')).toMatch(
      /tests="1" failures="1"[\s\S]*but the strategy failed: .*it throws Error: async/,
    )
    // An error comes first: without it the code would be 4.
    expect(status).toBe(2)
    const again = ratelab('report', 'broken/judged/burst-custom', '--threshold', threshold)
    expect([again.status, again.stderr]).toEqual([4, expect.stringContaining('0 kept, 1 crossed')])
  })

  test('does not pass a gate, and the comparison says that it failed', () => {
    const { status, stdout, stderr } = ratelab(
      'compare',
      'broken/old/burst-custom',
      whole,
      '--gate',
      '--junit',
      'broken/g.xml',
    )
    expect(stdout).toContain('mine failed in broken/now/burst-custom and has no figures there: Expected mine\n')
    expect(stdout).not.toContain('Only broken')
    expect([status, stderr]).toEqual([4, 'ratelab: mine failed (--gate).\n'])
    expect(read('broken/g.xml')).toMatch(/failures="1"[\s\S]*Expected mine to run, but it failed: /)
    const run = ratelab(
      'run',
      ...args('broken/gated'),
      '--compare-to',
      'broken/old/burst-custom',
      '--gate',
      '--junit',
      'broken/r.xml',
    )
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('ratelab: mine failed (--gate).')])
    expect(read('broken/r.xml')).toMatch(/failures="1"/)
    const chosen = ratelab('compare', `${whole}:mine`, `${whole}:none`)
    expect([chosen.status, chosen.stderr]).toEqual([
      2,
      expect.stringContaining('name a strategy that has figures, but mine failed: '),
    ])
  })

  test('by using up the memory of its thread leaves the others their rows', () => {
    content('() => () => { const all = []; for (;;) all.push(new Array(1e5).fill({ a: 1 })) }')
    const small = { NODE_OPTIONS: '--max-old-space-size=128' }
    const { status, stdout, stderr } = ratelabWith(small, 'run', ...args('broken/memory'), '--json')
    content(throws)
    expect(stderr).toContain('the memory of its thread ran out (in case batch, strategy mine, seed 1)')
    expect(JSON.parse(stdout).cases[0].strategies.map(({ id }: { id: string }) => id)).toEqual(['none'])
    expect(status).toBe(2)
  })

  test('in shards is merged to the bytes of one run, with its exit code', () => {
    for (const shard of ['1/2', '2/2']) {
      const { status, stderr } = ratelab('run', ...args('broken/parts'), '--shard', shard)
      expect(stderr).toContain('mine failed; `ratelab merge` will leave it out and end with exit code 2.')
      expect(status, stderr).toBe(0)
    }
    const merge = ratelab(
      'merge',
      'broken/parts/burst-custom',
      '--out',
      'broken/merged',
      '--threshold',
      'mine.success>=0',
    )
    expect([merge.status, merge.stderr]).toEqual([2, expect.stringContaining('0 kept, 4 crossed')])
    for (const name of ['cells.jsonl', 'report.md', 'report.json'])
      expect(read(`broken/merged/burst-custom/${name}`)).toBe(read(`${whole}/${name}`))
  })
})
