import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { code, root, sources } from './sources.ts'

/** What the simulator and the laboratory share with the strategies: contracts, checks, the scenario as data, and estimates of tokens. */
const shared = ['src/core/', 'src/checks/', 'src/scenario/', 'src/tokens/']
const provider = ['sim/defects/', 'sim/limiters/', 'sim/profiles/', 'sim/time/', 'sim/errors/', 'sim/provider/']
const mock = [...shared, ...provider, 'sim/wire/', 'sim/setup/', 'sim/mock/']

/**
 * Which folders the files of a folder may import, beside those of the folder itself. The row with the longest folder that holds a file
 * counts. Rows stand from the bottom to the top: a row names only folders of its own and of earlier rows, so that imports run downwards.
 */
const rows: readonly (readonly [folders: readonly string[], mayImport: readonly string[]])[] = [
  [['src/core/', 'src/tokens/'], []],
  [['src/checks/', 'src/strategies/'], ['src/core/']],
  [['src/scenario/'], ['src/core/', 'src/checks/']],
  [['src/fetch/'], ['src/core/', 'src/checks/', 'src/tokens/']],
  [['src/harness/', 'src/optimum/'], shared],
  [['src/compare/'], [...shared, 'src/harness/', 'src/optimum/']],
  [['src/report/'], [...shared, 'src/harness/', 'src/compare/']],
  [['src/'], ['src/']],
  [['sim/defects/', 'sim/limiters/', 'sim/profiles/'], shared],
  [['sim/time/'], [...shared, 'sim/defects/']],
  [
    ['sim/errors/', 'sim/provider/'],
    [...shared, ...provider],
  ],
  [['sim/wire/'], [...shared, ...provider]],
  [['sim/mock/', 'sim/setup/'], mock],
  [['sim/gateway/', 'sim/config/', 'sim/control/'], mock],
  [['sim/skins/'], [...mock, 'sim/gateway/']],
  [['sim/'], [...shared, 'sim/']],
  [['lab/'], ['src/', 'sim/']],
  [['cli/'], ['src/', 'sim/', 'lab/']],
  [['contracts/'], ['src/core/', 'sim/limiters/', 'sim/time/']],
  [['scenarios/'], [...shared, 'sim/profiles/']],
  [['scenarios/k6/'], ['src/', 'lab/', 'sim/profiles/']],
  // An attack knows what a user knows: the public faces, the published schema, and commands.
  [['attack/'], ['src/ratelab.ts', 'sim/ratelab-mock.ts', 'sim/config/serve.schema.json']],
  [['clients/'], ['src/', 'sim/', 'lab/guests/']],
  [['proof/'], ['src/', 'lab/']],
  [['bench/'], ['src/', 'sim/', 'attack/traffic/']],
]

/** What a file may import: its own folder's row, and that folder. */
function allowedFor(path: string): readonly string[] {
  const [own, row] = rows
    .flatMap((row) => row[0].filter((folder) => path.startsWith(folder)).map((folder) => [folder, row] as const))
    .reduce<readonly [string, (typeof rows)[number]]>(
      (longest, each) => (each[0].length > longest[0].length ? each : longest),
      ['', [[], []]],
    )
  return [own, ...row[1]]
}

describe('rooms', () => {
  test('there are sources to look at', () => {
    expect(sources.length).toBeGreaterThan(40)
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(80)
  })

  test('import only from the rooms that the design allows', () => {
    const forbidden = sources.flatMap(({ path, imports }) =>
      imports
        .filter((to) => !allowedFor(path).some((allowed) => allowed !== '' && to.startsWith(allowed)))
        .map((to) => `${path} -> ${to}`),
    )
    expect(forbidden).toEqual([])
  })

  test('stand in an order in which imports only run downwards', () => {
    const upward = rows.flatMap(([folders, mayImport], i) => {
      const below = rows.slice(0, i + 1).flatMap(([own]) => own)
      return mayImport
        .filter((to) => !below.some((folder) => folder.startsWith(to) || to.startsWith(folder)))
        .map((to) => `${folders} -> ${to}`)
    })
    expect(upward).toEqual([])
  })

  test.each([
    ['files', (path: string) => path],
    ['folders', dirname],
  ])('have no circles of %s', (_what, placeOf) => {
    const importsOf = new Map<string, Set<string>>()
    for (const { path, imports } of sources) {
      const from = placeOf(path)
      const targets = importsOf.get(from) ?? new Set()
      for (const to of imports.map(placeOf)) if (to !== from) targets.add(to)
      importsOf.set(from, targets)
    }
    expect(circlesIn(importsOf)).toEqual([])
  })

  test('each folder has its line in docs/architecture.md, and each line its folder', () => {
    const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
    const [, block = ''] = /^## Rooms$[\s\S]*?^```$([\s\S]*?)^```$/m.exec(text) ?? []
    const named = foldersIn(block)
    const folders = [...new Set(sources.map(({ path }) => dirname(path)))].filter((each) => !/^bench\/./.test(each))
    expect(
      named.filter((each) => /^(cli|lab|sim|src)\b/.test(each) && !folders.some((f) => `${f}/`.startsWith(`${each}/`))),
    ).toEqual([])
    expect(folders.filter((each) => !named.includes(each))).toEqual([])
  })

  test('need no platform where they also run inside k6: the strategies, and all that k6’s scripts load', () => {
    const platform = /\b(AbortController|fetch|URL|structuredClone|queueMicrotask|process|Buffer|console)\b\s*[.(]/
    const scripts = sources.map(({ path }) => path).filter((path) => path.startsWith('scenarios/k6/'))
    const loaded = new Set(scripts)
    for (const each of loaded)
      for (const { path, loads } of sources) if (path === each) for (const next of loads) loaded.add(next)
    expect([...loaded]).toEqual(
      expect.arrayContaining(['lab/catalogue/portable-entries.ts', 'src/strategies/pacing/pace.ts']),
    )
    const found = sources
      .filter(({ path }) => /^src\/(core|strategies)\//.test(path) || (loaded.has(path) && !scripts.includes(path)))
      .filter(({ text, packages }) => packages.length > 0 || platform.test(code(text)))
    expect(found.map(({ path }) => path)).toEqual([])
  })
})

test('the public face `ratelab` needs what every platform has: no package, and no global of Node alone', () => {
  const node = /\b(?:process|Buffer|require|setImmediate|clearImmediate|__dirname|__filename|import\.meta)\b/
  const loaded = new Set(['src/ratelab.ts'])
  for (const each of loaded)
    for (const { path, loads } of sources) if (path === each) for (const next of loads) loaded.add(next)
  expect([...loaded]).toEqual(
    expect.arrayContaining(['src/fetch.ts', 'src/fetch/answer.ts', 'src/tokens/json-texts.ts']),
  )
  const found = sources
    .filter(({ path }) => loaded.has(path))
    .filter(({ text, packages }) => packages.length > 0 || node.test(code(text)))
  expect(found.map(({ path }) => path)).toEqual([])
})

test('files are written only by cli/files, which never leaves half of one, mixes those of two runs or follows a link', () => {
  const writers =
    /\b(?:mkdir|mkdtemp|rename|writeFile|appendFile|createWriteStream|copyFile|cp|link|symlink|write)(?:Sync)?\b/
  const found = sources.filter(({ path, text }) => {
    const [, names = ''] = /import \{([^}]*)\} from 'node:fs(?:\/promises)?'/.exec(text) ?? []
    return /^(?:cli|lab|sim|src)\//.test(path) && !path.startsWith('cli/files/') && writers.test(names)
  })
  // The access log is written to line by line.
  expect(found.map(({ path }) => path)).toEqual(['cli/process/line-outputs.ts'])
})

describe('time and chance', () => {
  test.each([
    // Inside k6 there is no `performance`: its clock is a file of its own. `lent-time` has simulated time for those who read the ambient one, which
    // `ambient-time` and `guest-time` put in its place, and `ambient-ban` keeps strategies from it.
    [
      'the clock',
      /\b(Date|performance|setTimeout|setInterval)\b/,
      [
        'lab/ambient-ban.ts',
        'lab/guests/guest-time.ts',
        'scenarios/k6/k6-clock.ts',
        'sim/time/ambient-time.ts',
        'sim/time/lent-time.ts',
        'src/core/system-clock.ts',
      ],
    ],
    ['chance', /\bMath\.random\b|\bcrypto\b/, ['lab/ambient-ban.ts', 'src/core/random.ts']],
  ])('%s is touched by its owners alone', (_name, ambient, owners) => {
    // Benchmarks time real work; everything else takes time and chance as arguments.
    const users = sources.filter(({ path, text }) => !path.startsWith('bench/') && ambient.test(code(text)))
    expect(users.map(({ path }) => path).sort()).toEqual(owners)
  })
})

/** Every circle that is found on the way through a graph; empty where there is none. */
function circlesIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (place: string, trail: readonly string[]): void => {
    if (trail.includes(place)) circles.push([...trail.slice(trail.indexOf(place)), place].join(' -> '))
    if (done.has(place) || trail.includes(place)) return
    for (const next of graph.get(place) ?? []) visit(next, [...trail, place])
    done.add(place)
  }
  for (const place of graph.keys()) visit(place, [])
  return circles
}

/** The folders of an indented list; several may share a line. */
function foldersIn(block: string): string[] {
  const parents: string[] = []
  return block.split('\n').flatMap((line) => {
    const [, indent = '', names = ''] = /^( *)((?:[\w-]+\/ ?)+)/.exec(line) ?? []
    const depth = indent.length / 2
    if (names === '' || !Number.isInteger(depth) || depth > parents.length) return []
    const folders = names
      .trim()
      .split(' ')
      .map((name) => [...parents.slice(0, depth), name.replace('/', '')].join('/'))
    parents.splice(depth, Infinity, folders.at(-1)!.split('/').at(-1)!)
    return folders
  })
}
