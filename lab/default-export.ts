import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { type InputCode, InputError } from '../src/checks/input-error.ts'
import { show } from '../src/core/expect.ts'
import { loadFault } from './load-fault.ts'
import { importUserFile } from './loaded-files.ts'

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
  const found = statSync(path, { throwIfNoEntry: false })
  const fault = !found
    ? 'there is no such file'
    : !found.isFile()
      ? 'it is a folder'
      : endings.includes(extname(path))
        ? undefined
        : `its name does not end with ${endings.join(', ')}`
  if (fault !== undefined) throw new InputError(`Expected the path of ${noun}, got ${show(path)}: ${fault}`, notFound)
}

/** Loads a module and returns its default export. Rejects with an `InputError` that names the file and, where it is known, the line. */
export async function defaultExportOf(path: string, { noun, example, invalid }: FileKind): Promise<unknown> {
  const module = await importUserFile(path).catch((error) => {
    throw new InputError(`Expected ${path} to load as ${noun}, but it throws: ${loadFault(path, error)}`, invalid)
  })
  if (module.default !== undefined) return module.default
  throw new InputError(`Expected ${path} to have a default export (\`export default ${example}\`), got none`, invalid)
}
