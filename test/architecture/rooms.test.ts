import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const rooms = ['cli', 'lab', 'sim', 'src', 'contracts', 'clients', 'scenarios', 'examples', 'bench']

interface Source {
  readonly path: string
  readonly text: string
  /** Relative imports, as paths from the root. */
  readonly imports: readonly string[]
  /** Those that remain when the types are gone. */
  readonly loads: readonly string[]
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
  const types = [...text.matchAll(/^(?:import|export) type [^']*from '([^']+)'/gm)].map(([, name]) => name!)
  const isRelative = (name: string) => name.startsWith('.')
  const toPaths = (names: readonly string[]) =>
    names.filter(isRelative).map((name) => relative(root, resolve(dirname(file), name)))
  return {
    path: relative(root, file),
    text,
    imports: toPaths(named),
    loads: toPaths(named.filter((name) => !types.includes(name))),
    packages: named.filter((name) => !isRelative(name)),
  }
}

/** The first row whose folder holds the file says what the file may import beside its own folder. A folder stands for all that is in it. */
const mayImport: readonly (readonly [room: string, allowed: readonly string[]])[] = [
  ['src/core/', []],
  ['src/checks/', ['src/core/']],
  ['src/strategies/', ['src/core/']],
  ['src/scenario/', ['src/core/', 'src/checks/']],
  ['src/harness/', ['src/core/', 'src/scenario/', 'src/compare/']],
  ['src/optimum/', ['src/core/', 'src/scenario/']],
  ['src/compare/', ['src/core/', 'src/scenario/', 'src/harness/', 'src/optimum/']],
  ['src/report/', ['src/core/', 'src/scenario/', 'src/harness/', 'src/compare/']],
  ['src/', ['src/']],
  ['sim/', ['sim/', 'src/core/', 'src/checks/', 'src/scenario/']],
  ['lab/', ['src/', 'sim/']],
  ['cli/', ['src/', 'sim/', 'lab/']],
  [
    'scenarios/k6/',
    ['src/core/', 'src/harness/', 'src/compare/', 'src/report/figures/', 'lab/catalogue.ts', 'lab/client-knowledge.ts'],
  ],
  ['scenarios/', ['src/scenario/', 'src/core/', 'sim/profiles/']],
  ['contracts/', ['src/core/', 'sim/']],
  ['clients/', ['src/', 'sim/']],
  ['bench/', ['src/', 'sim/']],
]

function ruleFor(path: string): readonly string[] {
  const row = mayImport.find(([room]) => path.startsWith(room))
  return row ? [row[0], ...row[1]] : []
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

  test('need no platform where they also run inside k6: the strategies, and all that k6’s scripts load', () => {
    const platform = /\b(AbortController|fetch|URL|structuredClone|queueMicrotask|process|Buffer|console)\b\s*[.(]/
    const scripts = sources.map(({ path }) => path).filter((path) => path.startsWith('scenarios/k6/'))
    const loaded = new Set(scripts)
    for (const each of loaded)
      for (const { path, loads } of sources) if (path === each) for (const next of loads) loaded.add(next)
    expect([...loaded]).toEqual(expect.arrayContaining(['lab/catalogue.ts', 'src/strategies/pacing/pace.ts']))
    const found = sources
      .filter(({ path }) => /^src\/(core|strategies)\//.test(path) || (loaded.has(path) && !scripts.includes(path)))
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
