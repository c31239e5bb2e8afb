import { createRequire } from 'node:module'
import { InputError } from '../../src/checks/input-error.ts'

const require = createRequire(import.meta.url)

/** Returns an npm package that only guests use. Throws an `InputError` when it is not installed, since users install what they need. */
export function library<T>(name: string): T {
  try {
    return require(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    throw new InputError(
      `Expected the npm package ${name} to be installed for a guest that runs its code: install it with \`npm install ${name}\`, or leave the guest out`,
      'GUEST_MISSING',
    )
  }
}
