import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// A type that a public function takes or gives can be named by its users: some public face exports it. Read from the
// declarations that the build emits, in which every inferred type is spelt out.

const root = resolve(import.meta.dirname, '../..')

/** Types that are exported but not looked into: their insides are no promise. */
const opaque = ['Provider']

/** Functions on types that compute an exported type from its description. Nobody needs to name them. */
const computing = ['TypeOf', 'ValuesOf']

/** An exported thing: the file that declares it, and its name there. */
interface Declared {
  readonly file: string
  readonly name: string
}

interface Module {
  /** What each declared name stands for, as text. */
  readonly declarations: ReadonlyMap<string, string>
  /** Whatever comes from another file, under the name that it has here. */
  readonly imports: ReadonlyMap<string, Declared>
  readonly exports: ReadonlyMap<string, Declared>
  /** Files all of whose exports are exported again. */
  readonly stars: readonly string[]
}

let folder: string
const modules = new Map<string, Module>()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratelab-faces-'))
  const emit = ['-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', folder]
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), emit, { cwd: root, encoding: 'utf8' })
  expect(status, stdout).toBe(0)
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function moduleOf(file: string): Module {
  const known = modules.get(file)
  if (known) return known
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  const path = (to: string) => resolve(dirname(file), to).replace(/\.[jt]s$/, '.d.ts')
  const named = (kind: 'import' | 'export') =>
    new Map(
      [...text.matchAll(new RegExp(`^${kind} (?:type )?\\{([^}]*)\\} from '(\\.[^']+)'`, 'gm'))].flatMap(
        ([, names, from]) =>
          names!
            .split(',')
            .map((each) =>
              each
                .trim()
                .replace(/^type /, '')
                .split(' as '),
            )
            .filter(([name]) => name)
            .map(([name, alias]) => [alias ?? name!, { file: path(from!), name: name! }] as const),
      ),
    )
  const starts = [
    ...text.matchAll(/^(export )?(?:declare )?(?:abstract )?(?:function|interface|type|const|class) (\w+)/gm),
  ]
  const declarations = new Map<string, string>()
  const exports = named('export')
  starts.forEach(({ index, 1: isExported, 2: name }, i) => {
    declarations.set(name!, (declarations.get(name!) ?? '') + text.slice(index, starts[i + 1]?.index))
    if (isExported) exports.set(name!, { file, name: name! })
  })
  const stars = [...text.matchAll(/^export \* from '(\.[^']+)'/gm)].map(([, from]) => path(from!))
  const found = { declarations, imports: named('import'), exports, stars }
  modules.set(file, found)
  return found
}

function exportsOf(file: string): ReadonlyMap<string, Declared> {
  const { exports, stars } = moduleOf(file)
  const own = [...exports].map(([name, to]) => [name, declared(to)] as const)
  return new Map([...stars.flatMap((star) => [...exportsOf(star)]), ...own])
}

/** Where a name is declared in the end. */
function declared({ file, name }: Declared): Declared {
  if (moduleOf(file).declarations.has(name)) return { file, name }
  return exportsOf(file).get(name) ?? { file, name }
}

/** What the text of a declaration names. */
function namedBy({ file, name }: Declared): Declared[] {
  const { declarations, imports } = moduleOf(file)
  const text = declarations.get(name) ?? ''
  const words = [...text.matchAll(/\b[A-Za-z_]\w*/g)].map(([word]) => word)
  const inferred = [...text.matchAll(/import\("(\.[^"]+)"\)\.(\w+)/g)].map(([, from, type]) =>
    declared({ file: resolve(dirname(file), from!).replace(/\.[jt]s$/, '.d.ts'), name: type! }),
  )
  const direct = [...new Set(words)].flatMap((word) => {
    const imported = imports.get(word)
    if (imported) return [declared(imported)]
    // Of this file's own names only types are meant: a parameter may be called as a function is.
    return word !== name && /^[A-Z]/.test(word) && declarations.has(word) ? [{ file, name: word }] : []
  })
  return [...direct, ...inferred]
}

const key = ({ file, name }: Declared) => `${relative(folder, file)}: ${name}`

function faces(): { readonly face: string; readonly exports: ReadonlyMap<string, Declared> }[] {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.entries(exports as Record<string, { types?: string }>)
    .filter(([, { types }]) => types !== undefined)
    .map(([face, { types }]) => ({ face, exports: exportsOf(join(folder, types!.replace('./dist/', ''))) }))
}

describe('the public faces', () => {
  test('export every type that their exports name', () => {
    const all = faces().flatMap(({ exports }) => [...exports.values()])
    expect(all.length).toBeGreaterThan(80)
    const isPublic = new Set(all.map(key))
    const unnameable = all
      .filter(({ name }) => !opaque.includes(name))
      .flatMap((each) => namedBy(each).map((needed) => ({ each, needed })))
      .filter(({ needed }) => !isPublic.has(key(needed)) && !computing.includes(needed.name))
      .map(({ each, needed }) => `${each.name} names ${key(needed)}`)
    expect(unnameable).toEqual([])
  })

  test('have one home for each name', () => {
    const homes = faces().flatMap(({ face, exports }) => [...exports.keys()].map((name) => ({ name, face })))
    const twice = homes.filter(({ name, face }) => homes.some((each) => each.name === name && each.face !== face))
    expect(twice).toEqual([])
  })

  test('can be looked into: a type that some face hides would be found', () => {
    const mock = faces()
      .find(({ face }) => face === './mock')!
      .exports.get('Mock')!
    const names = namedBy(mock).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['RequestJournal', 'Handling', 'WireRequest', 'Provider']))
  })
})
