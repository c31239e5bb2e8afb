import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** An exported function that returns a thing of some type, or an exported constant that is one. */
export interface Factory {
  readonly name: string
  /** Its file, from the root. */
  readonly path: string
  /** What the file exports under a name that ends in `Options`. */
  readonly options: readonly string[]
}

/** What makes things of this type, or of a type that extends it, in the given folders: found by reading the sources. */
export function factoriesOf(type: string, folders: readonly string[]): Factory[] {
  const sources = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ path: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') })),
  )
  const types = [type]
  for (const known of types)
    for (const { text } of sources)
      for (const [, name] of text.matchAll(new RegExp(`^export interface (\\w+) extends ${known}\\b`, 'gm')))
        if (!types.includes(name!)) types.push(name!)
  const made = `: (?:${types.join('|')})`
  // A function's text up to the brace of its body, but no further than its end: a brace alone on its line.
  const functions = new RegExp(`^export function (\\w+)\\((?:(?!^\\}$)[\\s\\S])*?\\)${made} \\{$`, 'gm')
  const constants = new RegExp(`^export const (\\w+)${made} =`, 'gm')
  return sources
    .flatMap(({ path, text }) => {
      const options = [...text.matchAll(/^export interface (\w+Options)\b/gm)].map(([, name]) => name!)
      return [...text.matchAll(functions), ...text.matchAll(constants)].map(([, name]) => ({
        name: name!,
        path,
        options,
      }))
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
