import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { basename, isAbsolute, normalize } from 'node:path'
import { InputError } from '../../src/checks/input-error.ts'
import { show } from '../../src/core/expect.ts'
import { cannotWrite } from '../process/exit.ts'
import { profileStart } from './profile-start.ts'
import { scenarioStart } from './scenario-start.ts'
import type { Start } from './start.ts'
import { strategyStart } from './strategy-start.ts'

/** The beginnings that `ratelab new` writes, each for the name that its file has without the ending. */
const starts: Readonly<Record<'strategy' | 'scenario' | 'profile', (name: string) => Start>> = {
  strategy: strategyStart,
  scenario: scenarioStart,
  profile: profileStart,
}

/** Runs `ratelab new`, which writes a file to begin with and its test. Throws an `InputError` when one of them exists. */
export async function newCommand(kind: keyof typeof starts, given = `my-${kind}.ts`): Promise<void> {
  if (!/^[\w-][\w.-]*\.ts$/.test(basename(given)) || given.endsWith('.test.ts'))
    throw new InputError(
      `Expected the name of the new file to have only letters, digits, dots, hyphens and underscores, and to end with .ts but not ` +
        `with .test.ts, such as my-${kind}.ts, got ${show(given)}`,
    )
  const path = normalize(given)
  const testPath = path.replace(/ts$/, 'test.ts')
  const name = basename(path, '.ts')
  const start = starts[kind](name)
  await writeNew({ [path]: start.source, [testPath]: start.test })
  console.log(
    `Wrote ${path} and ${testPath}. Next, run it with \`npx ratelab ${start.next(argumentOf(path))}\`, and test it with ` +
      `\`npx vitest run ${testPath}\`.`,
  )
}

/** Writes files that do not exist yet: all of them, or none. */
async function writeNew(files: Readonly<Record<string, string>>): Promise<void> {
  const taken = Object.keys(files).find((path) => existsSync(path))
  if (taken !== undefined)
    throw new InputError(`Expected ${taken} not to exist yet, but it does: name another path, or remove the file`)
  const written: string[] = []
  try {
    for (const [path, content] of Object.entries(files)) {
      // The flag refuses a file that was made since the look above.
      await writeFile(path, content, { flag: 'wx' })
      written.push(path)
    }
  } catch (error) {
    for (const path of written) await rm(path, { force: true })
    throw cannotWrite(Object.keys(files)[0]!, error, 'Name another path.')
  }
}

/** Returns a path as `--strategies` and `ratelab run` take it: a relative one begins with `./`, so that it is never taken for a name. */
function argumentOf(path: string): string {
  return isAbsolute(path) || path.startsWith('.') ? path : `./${path}`
}
