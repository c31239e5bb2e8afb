import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { type InputCode, InputError } from '../src/checks/input-error.ts'
import { show } from '../src/core/expect.ts'
import { loadFault } from './load-fault.ts'
import { importUserFile } from './loaded-files.ts'
import { settled } from './settled.ts'

/** A kind of file that a user writes: a module whose default export is a strategy, a scenario or a profile. */
export interface FileKind {
  /** The name of the kind in messages, such as `a plug-in`. */
  readonly noun: string
  /** The default export that such a file has, in short, such as `{ name, wrap } satisfies StrategyPlugin`. */
  readonly example: string
  /** The code of the error when there is no such file. */
  readonly notFound: InputCode
  /** The code of the error when the file does not load, or has no default export. */
  readonly invalid: InputCode
}

/** The endings of files that Node loads as a module. */
const endings = ['.ts', '.js', '.mts', '.mjs']

/** Throws an `InputError` when there is no file at this path that Node can load as a module. */
export function expectModule(path: string, { noun, notFound }: FileKind): void {
  const fault = moduleFault(path)
  if (fault !== undefined) throw new InputError(`Expected the path of ${noun}, got ${show(path)}: ${fault}`, notFound)
}

function moduleFault(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) return 'it is a folder'
  if (found && !found.isFile()) return 'it is no regular file'
  if (found) return endings.includes(extname(path)) ? undefined : `its name does not end with ${endings.join(', ')}`
  const [file, options] = /^(.+\.[^.:]+):(.*=.*)$/.exec(path)?.slice(1) ?? []
  return file === undefined
    ? 'there is no such file'
    : `only a name of the catalogue may have options, and ${show(options)} follows the path ${file}`
}

/** The default export of a user's file. It stands in an object, because a promise would call the `then` that an export may have. */
export interface DefaultExport {
  readonly exported: unknown
}

/** Loads a module and returns its default export. Rejects with an `InputError` that names the file and, where it is known, the line. */
export async function defaultExportOf(path: string, { noun, example, invalid }: FileKind): Promise<DefaultExport> {
  const never = new InputError(`Expected ${path} to load as ${noun}, but ${neverLoads}`, invalid)
  const module = await settled(importUserFile(path), never).catch((error) => {
    if (error === never) throw never
    throw new InputError(`Expected ${path} to load as ${noun}, but it throws: ${loadFault(path, error)}`, invalid)
  })
  const exported = module?.default
  if (exported !== undefined) return { exported }
  throw new InputError(`Expected ${path} to have a default export (\`export default ${example}\`), got none`, invalid)
}

const neverLoads =
  'it never finishes: a top-level `await` waits for what nothing settles, or the file exports a function `then`, which keeps Node waiting'
