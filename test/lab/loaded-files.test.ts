import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fc } from '@fast-check/vitest'
import { afterAll, describe, expect, test } from 'vitest'

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'ratelab-loaded-')))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Writes files below a folder, and returns the folder. */
function folderWith(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, name)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/**
 * Imports each file, in a process of its own because vitest does not leave imports to Node, and returns what each has loaded. `before` is
 * code that runs first.
 */
function loadedBy(files: readonly string[], before = ''): string[][] {
  const subject = resolve(import.meta.dirname, '../../lab/loaded-files.ts')
  const script = `${before}
    const { filesLoadedBy, importUserFile } = await import(${JSON.stringify(subject)})
    const files = ${JSON.stringify(files)}
    for (const file of files) await importUserFile(file)
    console.log(JSON.stringify(files.map(filesLoadedBy)))`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}

/** What one file has loaded, counted from its folder. */
function namesLoadedBy(file: string, before?: string): string[] {
  return loadedBy([file], before)[0]!.map((path) => relative(dirname(realpathSync(file)), path))
}

/** Any graph of a few files, in two folders: for each file, which ones it imports. */
const anyGraph = fc
  .integer({ min: 1, max: 6 })
  .chain((size) => fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }))

const nameOf = (i: number) => `${i % 2 === 0 ? 'even' : 'odd'}/${i}.ts`

test('in any graph of imports, the files are those that a closed walk over the edges reaches, in one order in all folders', () => {
  const graphs = fc.sample(anyGraph, { numRuns: 60, seed: 7 })
  expect(graphs.some((graph) => graph.some((imports, i) => imports.some((to) => to < i)))).toBe(true)
  const rootsIn = (copy: string) =>
    graphs.map((graph, number) => {
      const files = graph.map((imports, i) => [nameOf(i), imports.map((to) => `import '../${nameOf(to)}'`).join('\n')])
      return join(folderWith(`${copy}/${number}`, Object.fromEntries(files)), nameOf(0))
    })
  const loaded = ['first', 'a/second'].map((copy) =>
    loadedBy(rootsIn(copy)).map((paths) => paths.map((path) => Number(basename(path, '.ts')))),
  )
  for (const [number, graph] of graphs.entries()) {
    // Warshall's closure: after all rounds, `reaches[i][j]` says whether a walk leads from i to j.
    const reaches = graph.map((imports, i) => graph.map((_, j) => i === j || imports.includes(j)))
    for (const via of graph.keys())
      for (const from of graph.keys())
        for (const to of graph.keys()) reaches[from]![to] ||= reaches[from]![via]! && reaches[via]![to]!
    const expected = [...graph.keys()].filter((i) => reaches[0]![i])
    expect(loaded[0]![number]!.toSorted((a, b) => a - b)).toEqual(expected)
    expect(loaded[1]![number]).toEqual(loaded[0]![number])
  }
})

describe('a file has loaded', () => {
  test('what it imports in any way: statically, at its top level, as JSON, as CommonJS, and through links', () => {
    const folder = folderWith('ways', {
      'root.ts': [
        "import type { Never } from './never.ts'",
        "import data from './data.json' with { type: 'json' }",
        "import { createRequire } from 'node:module'",
        "import './again.ts?copy'",
        "await import('./dynamic.ts')",
        "createRequire(import.meta.url)('./common.cjs')",
        'export default data',
      ].join('\n'),
      'never.ts': 'export type Never = never',
      'data.json': '{}',
      'dynamic.ts': "await import(new URL('./deep/deeper.ts', import.meta.url).href)",
      'deep/deeper.ts': '',
      'common.cjs': "require('./other.cjs')",
      'other.cjs': '',
      'again.ts': '',
      'unrelated.ts': '',
    })
    symlinkSync(folder, join(scratch, 'linked'))
    const names = [
      'root.ts',
      'again.ts',
      'common.cjs',
      'other.cjs',
      'data.json',
      'dynamic.ts',
      join('deep', 'deeper.ts'),
    ]
    expect(namesLoadedBy(join(folder, 'root.ts'))).toEqual(names)
    expect(namesLoadedBy(join(scratch, 'linked/root.ts'))).toEqual(names)
  })

  test('no installed package, nothing of ratelab, and no file that only they import', () => {
    const own = relative(join(scratch, 'packages'), resolve(import.meta.dirname, '../../src/ratelab.ts'))
    const folder = folderWith('packages', {
      'root.ts': `import 'installed'\nimport '${own}'\nimport './own.ts'`,
      'own.ts': '',
      'node_modules/installed/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/installed/index.js': "import './part.js'",
      'node_modules/installed/part.js': "import '../../hidden.ts'",
      'hidden.ts': '',
    })
    expect(namesLoadedBy(join(folder, 'root.ts'))).toEqual(['root.ts', 'own.ts'])
  })

  test('only itself where Node cannot record imports', () => {
    const folder = folderWith('old', { 'root.ts': "import './own.ts'", 'own.ts': '' })
    const without = "import module from 'node:module'\nmodule.registerHooks = undefined\n"
    expect(namesLoadedBy(join(folder, 'root.ts'), without)).toEqual(['root.ts'])
  })
})
