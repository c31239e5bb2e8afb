import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const rooms = ['src', 'sim', 'scenarios', 'examples', 'bench']

interface Source {
  readonly path: string
  readonly text: string
  /** Relative imports, as paths from the root. */
  readonly imports: readonly string[]
  readonly packages: readonly string[]
}

const sources: readonly Source[] = rooms.flatMap((room) => tree(join(root, room)).map(read))

function tree(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

function read(file: string): Source {
  const text = readFileSync(file, 'utf8')
  const named = [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g)].map(([, name]) => name!)
  const isRelative = (name: string) => name.startsWith('.')
  return {
    path: relative(root, file),
    text,
    imports: named.filter(isRelative).map((name) => relative(root, resolve(dirname(file), name))),
    packages: named.filter((name) => !isRelative(name)),
  }
}

/** Decides, in simulated time; knows no spelling but that of errors, which a reply carries. */
const brain = [
  'sim/account-changes.ts',
  'sim/account.ts',
  'sim/billing.ts',
  'sim/counters.ts',
  'sim/endpoint.ts',
  'sim/errors.ts',
  'sim/latency.ts',
  'sim/provider.ts',
  'sim/switch-table.ts',
  'sim/switches.ts',
  'sim/limiters/',
  'sim/profiles/',
  'sim/time/',
]

/** What the protocols have in common: none knows another. */
const shared = [
  'sim/wire/exchange.ts',
  'sim/wire/lookup.ts',
  'sim/wire/protocol.ts',
  'sim/wire/sse.ts',
  'sim/wire/tool-call-id.ts',
  'sim/wire/model/',
  'sim/wire/request/',
  'src/core/',
]
const protocols = ['sim/wire/anthropic/', 'sim/wire/compat/', 'sim/wire/native/', 'sim/wire/responses/']

/** What every skin drives, and what shows and changes it. */
const mock = ['sim/defaults.ts', 'sim/mock.ts', 'sim/register.ts', 'sim/request-journal.ts']

/** The first row whose folder holds the file says what the file may import. */
const mayImport: readonly (readonly [room: string, allowed: readonly string[]])[] = [
  ['src/core/', ['src/core/']],
  ['src/strategies/', ['src/strategies/', 'src/core/']],
  ['src/harness/', ['src/harness/', 'src/core/']],
  ['src/report/', ['src/report/', 'src/core/', 'src/harness/']],
  ['src/cli/', ['src/', 'sim/']],
  ['src/ratelab.ts', ['src/core/', 'src/strategies/', 'src/harness/']],
  ['sim/limiters/', ['sim/limiters/', 'src/core/']],
  ['sim/profiles/', ['sim/profiles/', 'src/core/']],
  ['sim/time/', ['sim/time/', 'src/core/']],
  ...brain.map((file) => [file, [...brain, 'sim/wire/errors/', 'src/core/']] as const),
  ...protocols.map((room) => [room, [room, ...shared]] as const),
  ['sim/wire/limits/', ['sim/wire/limits/', 'sim/account.ts', ...shared]],
  ['sim/wire/', ['sim/wire/', ...brain, 'src/core/']],
  ...mock.map((file) => [file, [...mock, 'sim/problems/', 'sim/wire/', ...brain, 'src/core/']] as const),
  ['sim/skins/', ['sim/skins/', ...mock, 'sim/wire/', 'sim/time/', 'src/core/']],
  [
    'sim/problems/',
    ['sim/problems/', 'sim/defaults.ts', 'sim/switches.ts', 'sim/profiles/', 'sim/time/', 'sim/wire/', 'src/core/'],
  ],
  ['sim/gateway/', ['sim/gateway/', 'sim/wire/', ...brain, 'src/core/']],
  ['sim/control/', ['sim/control/', 'sim/problems/', ...mock, 'sim/wire/', ...brain, 'src/core/']],
  ['sim/config/', ['sim/config/', 'sim/defaults.ts', 'sim/problems/', 'sim/wire/', ...brain, 'src/core/']],
  ['sim/', ['sim/', 'src/core/']],
  // What runs inside k6: the same strategies, and the names of the reports' metrics.
  [
    'scenarios/k6/',
    [
      'scenarios/k6/',
      'src/core/',
      'src/strategies/',
      'src/harness/call-signal.ts',
      'src/harness/statistics.ts',
      'src/harness/summary.ts',
      'src/report/metrics.ts',
    ],
  ],
  ['scenarios/', ['src/harness/', 'src/core/', 'sim/profiles/']],
  ['bench/', ['src/', 'sim/', 'bench/']],
]

function ruleFor(path: string): readonly string[] {
  return mayImport.find(([room]) => path.startsWith(room))?.[1] ?? []
}

describe('rooms', () => {
  test('there are sources to look at', () => {
    expect(sources.length).toBeGreaterThan(40)
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(80)
  })

  test('import only from the rooms that the design allows', () => {
    const forbidden = sources.flatMap(({ path, imports }) =>
      imports.filter((to) => !ruleFor(path).some((allowed) => to.startsWith(allowed))).map((to) => `${path} -> ${to}`),
    )
    expect(forbidden).toEqual([])
  })

  test('have no circles', () => {
    const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]))
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      if (done.has(path) || trail.includes(path)) return
      for (const next of importsOf.get(path) ?? []) visit(next, [...trail, path])
      done.add(path)
    }
    for (const { path } of sources) visit(path, [])
    expect(circles).toEqual([])
  })

  test('strategies and contracts need no platform: they also run inside k6', () => {
    const platform = /\b(AbortController|fetch|URL|structuredClone|queueMicrotask|process|Buffer|console)\b\s*[.(]/
    const found = sources
      .filter(({ path }) => /^src\/(core|strategies)\//.test(path))
      .filter(({ text, packages }) => packages.length > 0 || platform.test(code(text)))
    expect(found.map(({ path }) => path)).toEqual([])
  })
})

describe('time and chance', () => {
  test.each([
    // Inside k6 there is no `performance`: its clock is a file of its own. `ambient-time` lends simulated time to those who read the ambient one.
    [
      'the clock',
      /\b(Date|performance|setTimeout|setInterval)\b/,
      ['scenarios/k6/k6-clock.ts', 'sim/time/ambient-time.ts', 'src/core/system-clock.ts'],
    ],
    ['chance', /\bMath\.random\b|\bcrypto\b/, ['src/core/random.ts']],
  ])('%s is touched by its owners alone', (_name, ambient, owners) => {
    // Benchmarks time real work; everything else takes time and chance as arguments.
    const users = sources.filter(({ path, text }) => !path.startsWith('bench/') && ambient.test(code(text)))
    expect(users.map(({ path }) => path).sort()).toEqual(owners)
  })
})

describe('names', () => {
  test('no file is called by what it is made of', () => {
    const empty = sources.filter(({ path }) => /(^|\/)(utils?|helpers?|misc|common|types|index)\.ts$/.test(path))
    expect(empty.map(({ path }) => path)).toEqual([])
  })
})

/** The text without comments and quoted words, which may speak of anything. */
function code(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:])\/\/.*$/gm, '$1')
    .replace(/'[^'\n]*'|`[^`]*`/g, "''")
}
