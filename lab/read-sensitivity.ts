import { readFile, stat } from 'node:fs/promises'
import { InputError } from '../src/checks/input-error.ts'
import { isObject } from '../src/checks/shape.ts'
import type { Sensitivity } from '../src/compare/sensitivity/sensitivity.ts'
import { sensitivityFormat, sensitivityShape } from '../src/compare/sensitivity/sensitivity-shape.ts'
import { show } from '../src/core/expect.ts'
import { printable } from '../src/core/printable.ts'

/** The name of the file, which is in the folder of the report. */
export const sensitivityFile = 'sensitivity.json'

/**
 * Reads a file that `ratelab sensitivity` wrote. Returns undefined when there is none. Rejects with an `InputError` that names the file,
 * the first problem and the remedy. The file may come from a stranger: no part of it is executed, and a message quotes little of it.
 */
export async function readSensitivity(path: string): Promise<Sensitivity | undefined> {
  const text = await storedText(path)
  if (text === undefined) return undefined
  const value = parsed(path, text)
  const schema = isObject(value) ? value.schema : undefined
  if (schema !== sensitivityFormat)
    throw invalid(path, `Expected \`schema\` to be ${sensitivityFormat}, got ${show(schema)}`)
  const [problem] = sensitivityShape('', value)
  if (problem !== undefined) throw invalid(path, problem)
  const { schema: _, ...sensitivity } = value as Sensitivity & { schema: string }
  return sensitivity
}

/** Returns the text of a file, or undefined when there is none. A named pipe could keep its reader waiting for ever, and a device may have no end. */
async function storedText(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).isFile()) return await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw invalid(path, `Expected a file that can be read, got ${code}`)
  }
  throw invalid(path, 'Expected a regular file, got a folder, a pipe or a device')
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid(path, 'Expected a JSON object, got text that is not JSON; the file may be cut off')
  }
}

/** The most characters of a problem that a message has. A problem can quote a whole text of the file. */
const longestProblem = 300

function invalid(path: string, problem: string): InputError {
  const short = problem.length > longestProblem ? `${problem.slice(0, longestProblem)}…` : problem
  return new InputError(
    `${path}: ${printable(short)}. Run \`ratelab sensitivity\` again to write a new file, or remove this one.`,
    'SENSITIVITY_INVALID',
  )
}
