import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawingPackages } from '../../src/report/charts/files.ts'
import {
  type Client,
  clients,
  copyExamples,
  emptyProject,
  filesBelow,
  type NodeName,
  packed,
  removeScratch,
  root,
  runIn,
  toolsFault,
} from './installed-package.ts'

// The tarball in empty projects, as a user installs it: without the repository, its dependencies and its `overrides`.

let tarball: string
let fault: string | undefined
/** The folder of the same report, written by the sources. */
let ours: string

const small = ['run', 'burst', '--seeds', '2', '--set', 'arrivals.calls=40']
const installed = ['node', 'node_modules/ratelab/dist/cli/main.js']
const report = 'reports/burst-custom'
const newNodes: readonly NodeName[] = ['Node 24', 'Node 22']
const install = (folder: string, client: Client, ...names: readonly string[]) => {
  const { status, stdout, stderr } = runIn(folder, 'Node 24', [...clients[client], ...names])
  expect(status, stdout + stderr).toBe(0)
}
const text = (...path: readonly string[]) => readFileSync(join(...path), 'utf8')
const pictures = (folder: string) => filesBelow(folder).filter((name) => name.endsWith('.png'))
/** What examples/own-study.ts prints. */
const ownStudy = /^1\. retry-pace: .*\n2\. ask-again.*\n$/

/** Expects the folder of a report to have the charts that the sources write, byte for byte. */
function expectSamePictures(folder: string): void {
  expect(pictures(ours)).toHaveLength(12)
  expect(pictures(folder)).toEqual(pictures(ours))
  for (const name of pictures(ours))
    expect(readFileSync(join(folder, name)).equals(readFileSync(join(ours, name))), name).toBe(true)
}

beforeAll(() => {
  tarball = packed()
  fault = toolsFault()
  if (process.env.CI === 'true') expect(fault).toBeUndefined()
  const project = emptyProject('ours')
  const { status, stderr } = runIn(project, 'Node 24', ['node', join(root, 'cli/main.js'), ...small])
  expect(status, stderr).toBe(0)
  ours = join(project, report)
})
afterAll(removeScratch)

test('the built package runs without its sources, and writes their charts', () => {
  const built = ['node', join(root, 'dist/cli/main.js')]
  const folder = emptyProject('built')
  const { status, stdout, stderr } = runIn(folder, 'Node 24', [...built, ...small])
  expect(status, stderr).toBe(0)
  expect(stdout).toContain('retry-pace')
  expectSamePictures(join(folder, report))
  const again = runIn(folder, 'Node 24', [...built, 'report', report])
  expect([again.status, again.stdout]).toEqual([0, stdout])
  const replay = runIn(folder, 'Node 24', [...built, 'run', 'replay', '--seeds', '1', '--strategies', 'none'])
  expect(replay.stderr).toContain('replays example.csv')
  expect([replay.status, replay.stdout]).toEqual([0, expect.stringContaining('200 calls')])
  const program = runIn(root, 'Node 24', ['node', 'examples/own-study.ts'])
  expect(program.stdout, program.stderr).toMatch(ownStudy)
  const schemas = ['cells', 'report', 'sensitivity', 'serve'].map(
    (name) => `import.meta.resolve('ratelab/${name}.schema.json')`,
  )
  const script = `import fs from 'node:fs'; for (const url of [${schemas}]) console.log(JSON.parse(fs.readFileSync(new URL(url))).$id)`
  const ids = runIn(root, 'Node 24', ['node', '--input-type=module', '-e', script])
  expect(ids.stdout, ids.stderr).toBe(
    'urn:ratelab:cells:1\nurn:ratelab:report:1\nurn:ratelab:sensitivity:1\nratelab.serve/1\n',
  )
})

describe.for(Object.keys(clients) as Client[])('installed by %s without the packages for charts', (client) => {
  test('ratelab runs, and says how to get charts', ({ skip }) => {
    if (fault !== undefined) skip(fault)
    const folder = emptyProject(client)
    install(folder, client, client === 'yarn 1' ? `file:${tarball}` : tarball)
    const forCharts = /(^|[\\/])(@napi-rs|canvas|chartjs-node-canvas)(@[\d.]+)?$/
    expect(filesBelow(join(folder, 'node_modules')).filter((name) => forCharts.test(name))).toEqual([])
    for (const node of newNodes) {
      rmSync(join(folder, 'reports'), { recursive: true, force: true })
      const { status, stdout, stderr } = runIn(folder, node, [...installed, ...small])
      expect(status, `${node}: ${stderr}`).toBe(0)
      expect(stdout).toContain('retry-pace')
      // A slow machine also shows progress.
      const told = stderr.split('\n').filter((line) => !/in virtual time| elapsed/.test(line))
      expect(told).toEqual([
        `Report: ${report}/report.md`,
        `The report has no charts. To get them: npm install ${drawingPackages.join(' ')} && npx ratelab report ${report}`,
        '',
      ])
      expect(filesBelow(join(folder, report))).toEqual(['cells.jsonl', 'report.json', 'report.md'])
      for (const file of ['cells.jsonl', 'report.json'])
        expect(text(folder, report, file) === text(ours, file), `${node}: ${file}`).toBe(true)
      expect(text(folder, report, 'report.md')).toContain('\nnpx ratelab run burst --seeds 2 --set arrivals.calls=40\n')
    }
  })
})

describe('installed by npm', () => {
  let folder: string
  beforeAll(() => {
    if (fault !== undefined) return
    folder = emptyProject('everything')
    install(
      folder,
      'npm',
      tarball,
      ...drawingPackages,
      'msw@3',
      'vitest@5',
      'fast-check@4',
      'openai@7',
      '@types/node@22',
    )
    copyExamples(folder, ['lunch-rush.ts', 'own-strategy.test.ts', 'own-study.ts', 'patient-ask.test.ts'])
  })

  test.for(newNodes)('the report and its charts have the bytes that the sources write, on %s', (node, { skip }) => {
    if (fault !== undefined) skip(fault)
    rmSync(join(folder, 'reports'), { recursive: true, force: true })
    const { status, stderr } = runIn(folder, node, [...installed, ...small])
    expect(status, stderr).toBe(0)
    expectSamePictures(join(folder, report))
    const theirs = text(ours, 'report.md').replace('npm run scenario burst -- ', 'npx ratelab run burst ')
    expect(text(folder, report, 'report.md')).toBe(theirs)
    const again = runIn(folder, node, [...installed, 'report', report])
    expect(again.status, again.stderr).toBe(0)
    expect(text(folder, report, 'report.md')).toBe(theirs)
  })

  test.for(newNodes)('a scenario and a strategy of one’s own run on %s', (node, { skip }) => {
    if (fault !== undefined) skip(fault)
    const scenario = runIn(folder, node, [...installed, 'run', './lunch-rush.ts', '--seeds', '2'])
    expect(scenario.status, scenario.stderr).toBe(0)
    const study = runIn(folder, node, ['node', 'own-study.ts'])
    expect(study.stdout, study.stderr).toMatch(ownStudy)
  })

  test.for(newNodes)('msw and the contracts run in a vitest of one’s own, on %s', (node, { skip }) => {
    if (fault !== undefined) skip(fault)
    const { status, stdout, stderr } = runIn(folder, node, ['node', 'node_modules/vitest/vitest.mjs', 'run'])
    expect(status, stdout + stderr).toBe(0)
    expect(stdout).toMatch(/Test Files +2 passed/)
  })

  test.for(newNodes)(
    'a strategy and a profile are begun and tested, and the strategy is compared, gated, sharded and merged on %s',
    (node, { skip }) => {
      if (fault !== undefined) skip(fault)
      const ratelab = (...args: readonly string[]) => runIn(folder, node, [...installed, ...args])
      const begun = ratelab('new', 'strategy', 'mine.ts')
      expect(begun.status, begun.stderr).toBe(0)
      try {
        const tested = runIn(folder, node, ['node', 'node_modules/vitest/vitest.mjs', 'run', 'mine.test.ts'])
        expect(tested.status, tested.stdout + tested.stderr).toBe(0)
        expect(ratelab('new', 'profile', 'ours.ts').status).toBe(0)
        const profile = runIn(folder, node, ['node', 'node_modules/vitest/vitest.mjs', 'run', 'ours.test.ts'])
        expect(profile.status, profile.stdout + profile.stderr).toBe(0)
        const under = ratelab(
          'run',
          'steady',
          '--profile',
          './ours.ts',
          '--strategies',
          './mine.ts',
          '--seeds',
          '2',
          '--out',
          'under',
        )
        expect(under.stdout, under.stderr).toContain('profile ours')
        const study = [
          'run',
          'burst',
          '--strategies',
          './mine.ts,retry-pace',
          '--seeds',
          '6',
          '--set',
          'arrivals.calls=40',
        ]
        const whole = ratelab(...study, '--out', 'whole', '--threshold', 'retry-pace.success>=0.99')
        expect(whole.status, whole.stderr).toBe(0)
        expect(ratelab(...study, '--out', 'gated', '--threshold', 'mine.attempts<=1').status).toBe(4)
        const compared = ratelab('compare', 'whole/burst-custom', '--strategies', 'retry-pace,mine')
        expect(compared.stdout, compared.stderr).toContain('retry-pace → mine')
        expect(ratelab('compare', 'whole/burst-custom', '--strategies', 'retry-pace,mine', '--gate').status).toBe(4)
        expect(ratelab('compare', 'whole/burst-custom', 'gated/burst-custom', '--gate').status).toBe(0)
        for (const shard of ['1/2', '2/2'])
          expect(ratelab(...study, '--out', 'shards', '--shard', shard).status).toBe(0)
        const merged = ratelab('merge', 'shards', '--out', 'merged')
        expect(merged.status, merged.stderr).toBe(0)
        const bytes = (out: string) => (file: string) =>
          readFileSync(join(folder, out, 'burst-custom', file)).toString('hex')
        const files = filesBelow(join(folder, 'whole/burst-custom')).filter((file) => file.includes('.'))
        expect(files).toHaveLength(15)
        for (const file of files) expect(bytes('merged')(file) === bytes('whole')(file), file).toBe(true)
      } finally {
        for (const path of [
          'mine.ts',
          'mine.test.ts',
          'ours.ts',
          'ours.test.ts',
          'under',
          'whole',
          'gated',
          'shards',
          'merged',
        ])
          rmSync(join(folder, path), { recursive: true, force: true })
      }
    },
  )

  test('a batch drains through an SDK and `recommended()` against `ratelab serve`, with at most 1.05 attempts a call', async ({
    skip,
  }) => {
    if (fault !== undefined) skip(fault)
    const [, main = ''] = installed
    const server = spawn(process.execPath, [main, 'serve', '--port', '0'], { cwd: folder })
    try {
      let shown = ''
      for await (const chunk of server.stdout.setEncoding('utf8')) {
        shown += chunk
        if (/http:\/\/[\w.:]+/.test(shown)) break
      }
      const script = `
        import OpenAI from 'openai'
        import { recommended, toFetch } from 'ratelab'
        let attempts = 0
        const fetch = toFetch(recommended(), { onAttempt: () => attempts++ })
        const baseURL = ${JSON.stringify(/http:\/\/[\w.:]+/.exec(shown)![0])} + '/compatible-mode/v1'
        const client = new OpenAI({ apiKey: 'sk-ratelab', baseURL, fetch, maxRetries: 0 })
        const ask = () => client.chat.completions.create({ model: 'qwen3-max', max_tokens: 20, messages: [{ role: 'user', content: 'Hello' }] })
        const replies = await Promise.all(Array.from({ length: 200 }, ask))
        console.log(JSON.stringify({ answers: replies.filter(({ choices }) => choices[0].message.content).length, attempts }))`
      const { status, stdout, stderr } = runIn(folder, 'Node 24', ['node', '--input-type=module', '-e', script])
      expect(status, stderr).toBe(0)
      const { answers, attempts } = JSON.parse(stdout)
      expect(answers).toBe(200)
      expect(attempts).toBeLessThanOrEqual(210)
    } finally {
      server.kill()
      if (server.exitCode === null) await once(server, 'exit')
    }
  })

  test('the public faces have types', ({ skip }) => {
    if (fault !== undefined) skip(fault)
    const faces = ['ratelab', 'ratelab/lab', 'ratelab/mock', 'ratelab/msw', 'ratelab/contracts']
    writeFileSync(join(folder, 'faces.ts'), faces.map((face, i) => `export * as f${i} from '${face}'\n`).join(''))
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node']
    const checked = runIn(folder, 'Node 24', [
      'node',
      join(root, 'node_modules/typescript/bin/tsc'),
      ...options,
      'faces.ts',
    ])
    expect(checked.stdout + checked.stderr).toBe('')
  })

  test('a chart that cannot be drawn leaves the report complete', ({ skip }) => {
    if (fault !== undefined) skip(fault)
    rmSync(join(folder, 'reports'), { recursive: true, force: true })
    const canvas = join(folder, 'node_modules/@napi-rs/canvas')
    rmSync(canvas, { recursive: true })
    mkdirSync(canvas)
    writeFileSync(join(canvas, 'index.js'), 'throw new Error("Cannot find native binding")')
    const { status, stdout, stderr } = runIn(folder, 'Node 24', [...installed, ...small])
    expect(stderr).toMatch(/draw the charts, but: Cannot find native binding\. .*npm install @napi-rs\/canvas/)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect([status, stdout.includes('retry-pace')]).toEqual([3, true])
    expect(filesBelow(join(folder, report))).toEqual(['cells.jsonl', 'report.json', 'report.md'])
  })

  test('an older Node gets one sentence', ({ skip }) => {
    if (fault !== undefined) skip(fault)
    const { status, stdout, stderr } = runIn(folder, 'Node 18', [...installed, 'list'])
    const { engines } = JSON.parse(text(root, 'package.json'))
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^ratelab: Expected Node [\d.]+ or newer, got Node 18\.[\d.]+: install a newer Node\.\n$/)
    expect(engines.node).toBe(`>=${/Node ([\d.]+) or newer/.exec(stderr)![1]}`)
  })
})
