import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Attack } from './kinds/attack.ts'

/** What `npm run attack` is told. */
export interface AttackOptions {
  /** The names of the attacks to run. */
  readonly only: readonly string[]
  readonly minutes: number
  readonly seed: number
  readonly isShort: boolean
  /** The program that is attacked, and its first arguments. */
  readonly command: readonly string[]
}

/** Reads the command line. Returns the text to print and the exit code when nothing is to be attacked. */
export function readOptions(
  args: readonly string[],
  attacks: Readonly<Record<string, Attack>>,
): AttackOptions | { readonly text: string; readonly exitCode: number } {
  let values: Readonly<Record<string, unknown>>
  try {
    ;({ values } = parseArgs({ args: [...args], options: flags, strict: true }))
  } catch (error) {
    return { text: `attack: ${(error as Error).message}. --help shows the options`, exitCode: 2 }
  }
  if (values.help) return { text: help(attacks), exitCode: 0 }
  const {
    only = Object.keys(attacks),
    short = false,
    command,
  } = values as {
    only?: string[]
    short?: boolean
    command?: string
  }
  const minutes = Number(values.minutes ?? 2)
  const seed = Number(values.seed ?? 1)
  const names = only.flatMap((each) => each.split(','))
  const problems = [
    ...names
      .filter((name) => !Object.hasOwn(attacks, name))
      .map(
        (name) => `Expected \`--only\` to be one of ${Object.keys(attacks).join(', ')}, got ${JSON.stringify(name)}`,
      ),
    ...(minutes > 0 ? [] : [`Expected \`--minutes\` to be a number > 0, got ${values.minutes}`]),
    ...(Number.isSafeInteger(seed) ? [] : [`Expected \`--seed\` to be a whole number, got ${values.seed}`]),
  ]
  if (problems.length > 0) return { text: problems.map((each) => `attack: ${each}`).join('\n'), exitCode: 2 }
  const main = resolve(import.meta.dirname, '../cli/main.js')
  return {
    only: names,
    minutes,
    seed,
    isShort: short,
    command: command?.split(' ').filter(Boolean) ?? [process.execPath, main],
  }
}

const flags = {
  only: { type: 'string', multiple: true },
  minutes: { type: 'string' },
  seed: { type: 'string' },
  short: { type: 'boolean' },
  command: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

function help(attacks: Readonly<Record<string, Attack>>): string {
  const names = Object.entries(attacks).map(([name, { about }]) => `  ${name.padEnd(11)} ${about}`)
  return `Usage: npm run attack -- [options]

Starts servers of its own on this machine's loopback address, attacks them, and prints what each attack found. It sends nothing to any other
address. The exit code is 1 when a server died, answered what is not documented, held other clients for more than a second, leaked, counted
wrongly or exceeded a limit; 2 when an option is wrong.

Options:
  --only <names>      run only these attacks, separated by commas (repeatable; default: all)
  --minutes <n>       how long each attack with random inputs goes on (default 2)
  --seed <n>          the seed of all random inputs (default 1)
  --short             a form of some seconds for each attack; CI runs it for all except slow
  --command <text>    the program to attack, such as "npx ratelab" in a project that has it installed
                      (default: this checkout)
  -h, --help          show this help

Attacks:
${names.join('\n')}

Columns:
  tried               requests, messages, signals or versions of a file
  slowest             the longest time from a request to its complete answer
  probe waited        the longest time that another client waited for a cheap answer meanwhile
  memory              resident memory of the server: at its start, at the peak and at the end (Linux)
  answers             how many answers had each status; cut: the connection broke, as the attack asked`
}
