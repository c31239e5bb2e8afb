import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** An exported function that returns a value of some type, or an exported constant of that type. */
export interface Factory {
  readonly name: string
  /** The path of its file from the root. */
  readonly path: string
  /** The exported interfaces of the file whose names end in `Options`. */
  readonly options: readonly string[]
}

/** Searches the sources in the folders for factories of this type, and of types that extend it. */
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
  const returnType = `: (?:${types.join('|')})`
  // The pattern matches from the name of a function to the brace of its body. It must not go beyond a brace that is alone on its line.
  const functions = new RegExp(`^export function (\\w+)\\((?:(?!^\\}$)[\\s\\S])*?\\)${returnType} \\{$`, 'gm')
  const constants = new RegExp(`^export const (\\w+)${returnType} =`, 'gm')
  return sources
    .flatMap(({ path, text }) => {
      const options = [...text.matchAll(/^export interface (\w+Options)\b/gm)].map(([, name]) => name!)
      return [...text.matchAll(functions), ...text.matchAll(constants)].map(([, name]) => ({
        name: name!,
        path,
        options,
      }))
    })
    .sort((a, b) => (stem(a) < stem(b) ? -1 : 1))
}

/** The path without its ending. By it `retry` comes before `retry-budget`, which is the order in which Biome sorts exports. */
function stem({ path }: Factory): string {
  return path.replace(/\.ts$/, '')
}
