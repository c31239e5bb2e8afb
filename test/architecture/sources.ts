import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** The root of the checkout. */
export const root = resolve(import.meta.dirname, '../..')
const rooms = ['cli', 'lab', 'sim', 'src', 'contracts', 'clients', 'proof', 'scenarios', 'examples', 'bench', 'attack']

/** One file of the sources. */
export interface Source {
  readonly path: string
  readonly text: string
  /** Relative imports, as paths from the root. */
  readonly imports: readonly string[]
  /** The imports that remain when the types are gone. */
  readonly loads: readonly string[]
  readonly packages: readonly string[]
}

/** Every TypeScript file of the package and of what stands beside it, tests excepted. */
export const sources: readonly Source[] = rooms.flatMap((room) => tree(join(root, room)).map(read))

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

/** The text without comments and quoted words, which may speak of anything. */
export function code(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:])\/\/.*$/gm, '$1')
    .replace(/'[^'\n]*'|`[^`]*`/g, "''")
}
