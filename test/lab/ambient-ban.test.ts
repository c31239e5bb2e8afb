import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { StudyResult } from '../../lab/study.ts'
import { seeded } from '../../src/core/random.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { resultOf } from './result-of.ts'
import { few, small } from './small-study.ts'

const { scratch, file } = scratchFolder('ambient')

/** What a plug-in does in each call, on its second line, with what it imports or keeps on its first line; and the name that is told. */
const uses: Readonly<Record<string, readonly [before: string, use: string, told: string]>> = {
  date: ['', 'new Date()', 'Date'],
  text: ['', 'Date()', 'Date'],
  derived: ['', 'new (class extends Date {})()', 'Date'],
  'by-constructor': ['', 'new (new Date(0).constructor)()', 'Date'],
  now: ['', 'Date.now()', 'Date.now'],
  kept: ['const now = Date.now', 'now()', 'Date.now'],
  dated: ['const RealDate = Date', 'new RealDate()', 'Date'],
  intl: ['', 'new Intl.DateTimeFormat().format()', 'Intl.DateTimeFormat'],
  parts: ['', 'new Intl.DateTimeFormat().formatToParts()', 'Intl.DateTimeFormat'],
  event: ['', "new Event('x').timeStamp", 'Event.timeStamp'],
  performance: ['', 'performance.now()', 'performance.now'],
  prototype: ['', 'Object.getPrototypeOf(performance).now.call(performance)', 'performance.now'],
  hooks: ["import { performance as p } from 'node:perf_hooks'", 'p.now()', 'performance.now'],
  origin: ['', 'performance.timeOrigin', 'performance.timeOrigin'],
  mark: ['', "performance.mark('x')", 'performance.mark'],
  hrtime: ['', 'process.hrtime()', 'process.hrtime'],
  bigint: ['', 'process.hrtime.bigint()', 'process.hrtime.bigint'],
  named: ["import { hrtime } from 'node:process'", 'hrtime.bigint()', 'process.hrtime.bigint'],
  uptime: ['', 'process.uptime()', 'process.uptime'],
  cpu: ['', 'process.cpuUsage()', 'process.cpuUsage'],
  os: ["import { uptime } from 'node:os'", 'uptime()', 'os.uptime'],
  timeout: ['', 'setTimeout(() => {}, 1)', 'setTimeout'],
  interval: ['', 'setInterval(() => {}, 1)', 'setInterval'],
  immediate: ['', 'setImmediate(() => {})', 'setImmediate'],
  timers: ["import { setTimeout as wait } from 'node:timers'", 'wait(() => {}, 1)', 'setTimeout'],
  promises: [
    "import { setTimeout as wait } from 'node:timers/promises'",
    'await wait(1)',
    'timers/promises.setTimeout',
  ],
  ticks: [
    "import { setInterval as wait } from 'node:timers/promises'",
    'for await (const _ of wait(1)) break',
    'timers/promises.setInterval',
  ],
  scheduler: [
    "import { scheduler } from 'node:timers/promises'",
    'await scheduler.wait(1)',
    'timers/promises.scheduler.wait',
  ],
  promisify: [
    "import { promisify } from 'node:util'; const wait = promisify(setTimeout)",
    'await wait(1)',
    'timers/promises.setTimeout',
  ],
  builtin: ['', "process.getBuiltinModule('timers').setImmediate(() => {})", 'setImmediate'],
  signal: ['', 'AbortSignal.timeout(5)', 'AbortSignal.timeout'],
  atomics: ['', 'Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)', 'Atomics.waitAsync'],
  random: ['', 'Math.random()', 'Math.random'],
  caught: ['', 'try { Math.random() } catch {}', 'Math.random'],
  values: ['', 'crypto.getRandomValues(new Uint8Array(1))', 'crypto.getRandomValues'],
  uuid: ['', 'crypto.randomUUID()', 'crypto.randomUUID'],
  'node-uuid': ["import { randomUUID } from 'node:crypto'", 'randomUUID()', 'crypto.randomUUID'],
  'node-values': [
    "import c from 'node:crypto'",
    'c.webcrypto.getRandomValues(new Uint8Array(1))',
    'crypto.getRandomValues',
  ],
  bytes: ["import { randomBytes } from 'node:crypto'", 'randomBytes(4)', 'crypto.randomBytes'],
  integer: ["import c from 'node:crypto'", 'c.randomInt(9)', 'crypto.randomInt'],
  fetch: ['', "await fetch('http://127.0.0.1:9').catch(() => {})", 'fetch'],
  socket: ['', "new WebSocket('ws://127.0.0.1:9')", 'WebSocket'],
}

const plugIn = (before: string, use: string) =>
  `${before}; export default { name: 'x', wrap: (next) => async (call) => {\n  ${use}\n  return next(call) } }`

describe('a plug-in that uses the real clock, chance or the network is told by what it uses, with its file and line', () => {
  const paths = Object.entries(uses).map(([name, [before, use]]) => file(`${name}.ts`, plugIn(before, use)))
  let result: StudyResult
  beforeAll(async () => {
    result = await resultOf(small, { seeds: [3], strategies: ['none', ...paths] })
  }, 60_000)

  test.each(Object.entries(uses))('%s', (name, [, , told]) => {
    const { message } = result.study.failed!.find(({ id }) => id === name)!
    expect(message).toContain(`but it uses ${told} (in case batch, strategy ${name}, seed 3)`)
    expect(message).toContain(`\n  ${join(scratch, `${name}.ts`)}:2`)
  })

  test('and the row of the other is right', async () => {
    expect(result.cells).toEqual((await resultOf(small, { seeds: [3] })).cells)
  })
})

describe('a plug-in that does otherwise with the same seed is told, whatever the reason', () => {
  test.each([
    [
      'state outside of `wrap`',
      '',
      'let calls = 0',
      'if (++calls % 7 === 0) await env.clock.sleep(calls, call.signal)',
    ],
    ['chance at load', '', 'let chance = Math.random', 'if (chance) { chance = undefined; await env.clock.sleep(7) }'],
    [
      'a file of its own',
      "import { existsSync, writeFileSync } from 'node:fs'",
      `const mark = ${JSON.stringify(join(scratch, 'mark'))}`,
      "if (call.id === 0) { if (!existsSync(mark)) { writeFileSync(mark, ''); await env.clock.sleep(9) } }",
    ],
  ])('%s', async (_what, imported, before, use) => {
    const path = file(
      'otherwise.ts',
      `${imported}\n${before}\nexport default { name: 'x', wrap: (next, env) => async (call) => {\n  ${use}\n  return next(call) } }`,
    )
    const { study, cells } = await resultOf(small, { seeds: [3], strategies: [path, 'none'] })
    expect(cells.map(({ strategy }) => strategy)).toEqual(['none'])
    expect(study.failed).toEqual([
      {
        id: 'otherwise',
        message: expect.stringMatching(
          /^Expected otherwise \(\S+otherwise\.ts\) to answer every call, but: Expected it to do the same whenever it runs with the same seed/,
        ),
      },
    ])
  })

  test('what needs neither clock nor chance is fine', async () => {
    const path = file(
      'fine.ts',
      plugIn(
        "import { createHash } from 'node:crypto'; const loaded = Date.now() + Math.random(); setImmediate(() => {})",
        "new Date(0).toISOString(); Intl.DateTimeFormat('en').format(5); new Date(2020, 1); Date.UTC(2020); Math.floor(loaded); createHash('md5'); queueMicrotask(() => {}); await new Promise((r) => process.nextTick(r))",
      ),
    )
    expect((await resultOf(small, { seeds: [3], strategies: [path] })).study.failed).toBeUndefined()
  })
})

describe('a generator of arrivals', () => {
  const scene = (generate: string, before = '') =>
    file(
      'scene.ts',
      `${before}\nexport default { ...${JSON.stringify(small)}, cases: [{ ...${JSON.stringify(few)}, title: 'x', arrivals: { kind: 'custom', generate(random) {\n  ${generate}\n} } }] }`,
    )
  const told = (path: string) =>
    resultOf(path, { seeds: [3, 4], strategies: ['none', 'retry-full'] }).then(
      () => expect.unreachable('it was accepted'),
      (reason: Error) => reason,
    )

  test.each([
    [
      'chance',
      'return [Math.floor(9 * Math.random())]',
      /draw from the `random` that it is given, but it uses Math\.random/,
    ],
    ['the clock', 'return [Date.now() % 9]', /but it uses Date\.now/],
    ['the clock, and catches the error', 'try { Date.now() } catch {} return [0]', /but it uses Date\.now/],
    ['an error', "throw new TypeError('g')", /it throws TypeError: g/],
    ['no list', 'return 7', /it throws TypeError: /],
    ['a thrown proxy', 'throw new Proxy({}, { getPrototypeOf() { throw 1 } })', /its error cannot be read/],
    ['nothing thrown', 'throw undefined', /it throws undefined/],
    [
      'another seed’s state',
      'return [state++]',
      /does not yield the same instants whenever it runs with the same seed/,
    ],
    ['a thing that is no number', 'return [Symbol()]', /to be whole, ascending milliseconds >= 0, got Symbol\(\)/],
  ])('that has %s is told by file, line, case and seed', async (_what, generate, expected) => {
    const path = scene(generate, 'let state = 0')
    const error = await told(path)
    expect(error.message).toMatch(expected)
    expect(error).toMatchObject({ code: 'SCENARIO_INVALID' })
    expect(error.message).toContain('(in case batch, seed 3)')
    if (!/got Symbol/.test(error.message)) expect(error.message).toContain(path)
    if (/uses|TypeError: g/.test(error.message)) expect(error.message).toContain(`\n  ${path}:3`)
  })

  test('is told by the first seed for which it fails, whichever worker is faster', async () => {
    const path = scene("if (random.next() > 0.4) throw new Error('high')\n return [0]")
    const seeds = Array.from({ length: 12 }, (_, i) => 1 + i)
    const first = seeds.find((seed) => seeded(seed).fork('workload').fork('arrivals').next() > 0.4)
    const { message } = await resultOf(path, { seeds, strategies: ['none'] }).then(
      () => expect.unreachable('it was accepted'),
      (reason: Error) => reason,
    )
    expect(message).toContain(`it throws Error: high (in case batch, seed ${first})`)
  })
})
