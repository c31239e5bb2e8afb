import { realpathSync } from 'node:fs'
import module from 'node:module'
import { dirname, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isForeign } from './load-fault.ts'

/** The user's files that each of the user's files imports, by their real paths. */
const importsOf = new Map<string, Set<string>>()
let isRecording = false
let isUserFileLoaded = false
/** The scenarios that come with ratelab. They are loaded as the user's own are. */
const ownScenarios = fileURLToPath(new URL('../scenarios/', import.meta.url))

/**
 * Imports a scenario or a plug-in, which is a file of the user. Records what it and its imports import, so that `filesLoadedBy` can tell
 * it. What this thread has imported before the first call is not recorded.
 */
export function importUserFile(path: string): Promise<{ default?: unknown }> {
  record()
  isUserFileLoaded ||= !path.startsWith(ownScenarios)
  return import(pathToFileURL(path).href)
}

/** Whether this thread has loaded a file of the user, whose code may run from then on. */
export function hasUserFiles(): boolean {
  return isUserFileLoaded
}

/** Records each import of a user's file by another one, from now on. Node before 22.15 and 23.5 has no way to do so. */
function record(): void {
  if (isRecording) return
  isRecording = true
  module.registerHooks?.({
    resolve(specifier, context, nextResolve) {
      const found = nextResolve(specifier, context)
      const [parent, child] = [userFileAt(context.parentURL), userFileAt(found.url)]
      if (parent !== undefined && child !== undefined)
        importsOf.set(parent, (importsOf.get(parent) ?? new Set()).add(child))
      return found
    },
  })
}

function userFileAt(url: string | undefined): string | undefined {
  if (!url?.startsWith('file:')) return undefined
  const path = fileURLToPath(url)
  return isForeign(path) ? path : undefined
}

/**
 * Returns the file and every file of the user that it has loaded so far, through any number of imports. Files of ratelab and of installed
 * packages are left out, and so is what only they import. The order follows from the paths of files relative to the file that imports
 * them, so that it is the same on every machine.
 */
export function filesLoadedBy(file: string): string[] {
  const reached = new Set<string>()
  const visit = (path: string): void => {
    if (reached.has(path)) return
    reached.add(path)
    const place = (other: string) => relative(dirname(path), other).replaceAll('\\', '/')
    const children = [...(importsOf.get(path) ?? [])].map((child) => [place(child), child] as const)
    for (const [, child] of children.sort(([a], [b]) => (a < b ? -1 : 1))) visit(child)
  }
  visit(realpathSync(file))
  return [...reached]
}
