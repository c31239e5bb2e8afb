import { InputError } from '../../src/checks/input-error.ts'
import { junit, type TestSuite } from '../../src/report/junit.ts'
import { extendFile, replaceFile } from '../files/named-file.ts'
import { OutputError } from '../process/exit.ts'

/** Where the results of thresholds and comparisons are written for a CI system. */
export interface CheckFileOptions {
  /** A file for JUnit XML. */
  readonly junit?: string
  /** A file to which Markdown is added. Default: the file that GITHUB_STEP_SUMMARY names, if it names one. */
  readonly summary?: string
}

/** Throws an `InputError` for a path that names no file, or when nothing would be written to a file because nothing is checked. */
export function expectCheckFiles({ junit, summary }: CheckFileOptions, isChecked: boolean, remedy: string): void {
  for (const [name, path] of [
    ['--junit', junit],
    ['--summary', summary],
  ] as const) {
    if (path === '') throw new InputError(`Expected \`${name}\` to name a file, got ""`)
    if (path !== undefined && !isChecked)
      throw new InputError(`Expected \`${name}\` only where something is checked: ${remedy}`)
  }
}

/** Writes the tests and adds the Markdown to the summary. Throws an `OutputError` when a file cannot be written. */
export async function writeCheckFiles(
  { junit: xmlFile, summary = process.env.GITHUB_STEP_SUMMARY }: CheckFileOptions,
  suites: readonly TestSuite[],
  markdown: string,
): Promise<void> {
  if (xmlFile !== undefined) await written('--junit', xmlFile, () => replaceFile(xmlFile, junit(suites)))
  if (summary) await written('--summary', summary, () => extendFile(summary, `${markdown}\n`))
}

/** Writes a file that an option names. Throws an `OutputError` that names the option when it cannot be written. */
export async function written(option: string, path: string, write: () => Promise<void>): Promise<void> {
  await write().catch((error: Error) => {
    throw new OutputError(`Expected \`${option}\` to be a file that can be written, got ${path}: ${error.message}`)
  })
}
