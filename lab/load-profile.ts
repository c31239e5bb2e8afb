import { resolve } from 'node:path'
import { givenProfile } from '../sim/profiles/profiles.ts'
import { InputError, inputErrorOf } from '../src/checks/input-error.ts'
import { isPath } from '../src/checks/path.ts'
import type { Profile } from '../src/scenario/profile.ts'
import { defaultExportOf, expectModule, type FileKind } from './default-export.ts'
import { loadFault } from './load-fault.ts'

const kind: FileKind = {
  noun: 'a profile',
  example: '{ name, title, currency, … } satisfies Profile',
  notFound: 'PROFILE_NOT_FOUND',
  invalid: 'PROFILE_INVALID',
}

/** Whether what is given as a profile is the path of a file, and neither a name nor a profile itself. */
export function isProfilePath(given: unknown): given is string {
  return typeof given === 'string' && isPath(given)
}

/**
 * Returns the profile in the file when `given` is a path, which is counted from `folder`. Returns any other value as it is: a name, or
 * plain data. Rejects with an `InputError` that names the file and, where it is known, the line.
 */
export async function loadedProfile<Given>(given: Given, folder = '.'): Promise<Given | Profile> {
  if (!isProfilePath(given)) return given
  const path = resolve(folder, given)
  expectModule(path, kind)
  const { exported } = await defaultExportOf(path, kind)
  const problems = problemsOf(path, exported)
  if (problems.length > 0)
    throw inputErrorOf(
      problems.map((problem) => `${problem} (in ${path})`),
      kind.invalid,
    )
  return readable(path, () => structuredClone(exported as Profile))
}

function problemsOf(path: string, exported: unknown): string[] {
  // A name would be that of a built-in profile, which needs no file.
  if (typeof exported === 'string') return [`Expected the default export to be a profile, got a text`]
  return readable(path, () => givenProfile('profile', exported))
}

/** Reads the user's profile. A getter of it may throw, and so may the traps of a proxy. */
function readable<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new InputError(`Expected ${path} to be readable, but it throws: ${loadFault(path, error)}`, kind.invalid)
  }
}
