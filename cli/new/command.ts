import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, isAbsolute, normalize } from 'node:path'
import { InputError } from '../../src/checks/input-error.ts'
import { shellWord } from '../../src/checks/shell-word.ts'
import { show } from '../../src/core/expect.ts'
import { writeNewFile } from '../files/new-file.ts'
import { cannotWrite } from '../process/exit.ts'
import { print } from '../process/output.ts'
import { preparations } from './preparations.ts'
import { profileStart } from './profile-start.ts'
import { scenarioStart } from './scenario-start.ts'
import type { Start } from './start.ts'
import { strategyStart } from './strategy-start.ts'

/** The beginnings that `ratelab new` writes, each for the name of its file. */
const starts: Readonly<Record<'strategy' | 'scenario' | 'profile', (name: string) => Start>> = {
  strategy: strategyStart,
  scenario: scenarioStart,
  profile: profileStart,
}

/** Runs `ratelab new`, which writes a file to begin with and its test. Throws an `InputError` when one of them exists. */
export async function newCommand(kind: keyof typeof starts, given = `my-${kind}.ts`): Promise<void> {
  if (!/^[\w-][\w.-]*\.m?ts$/.test(basename(given)) || /\.test\.m?ts$/.test(given))
    throw new InputError(
      `Expected the name of the new file to have only letters, digits, dots, hyphens and underscores, and to end with .ts or .mts but ` +
        `not with .test.ts, such as my-${kind}.ts, got ${show(given)}`,
    )
  const path = normalize(given)
  const testPath = path.replace(/m?ts$/, 'test.$&')
  const start = starts[kind](basename(path))
  await writeNew({ [path]: start.source, [testPath]: start.test })
  const before = preparations(path, start.needs)
  const run = `npx ratelab ${start.next(shellWord(argumentOf(path)))}`
  print(
    `Wrote ${path} and ${testPath}. ${before}Next, run it with \`${run}\`, and test it with ` +
      `\`npx vitest run ${shellWord(testPath)}\`.\n`,
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
      await writeNewFile(path, content)
      written.push(path)
    }
  } catch (error) {
    for (const path of written) await rm(path, { force: true })
    throw cannotWrite(Object.keys(files)[0]!, error, 'Name another path, or create its folder.')
  }
}

/** Returns a path as `--strategies` and `ratelab run` take it: a relative one begins with `./`, so that it is never taken for a name. */
function argumentOf(path: string): string {
  return isAbsolute(path) || path.startsWith('.') ? path : `./${path}`
}
