import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { systemClock } from '../../src/core/system-clock.ts'

export const main = resolve(import.meta.dirname, '../../cli/main.js')

const running: ChildProcess[] = []

/** Ends the programs that are still running. */
export function killAll(): void {
  for (const child of running.splice(0)) child.kill('SIGKILL')
}

/** A process of its own. */
export interface Program {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  /** Resolves when standard output or standard error contains the text. */
  untilPrinted(text: string): Promise<void>
  /** Resolves with the exit code when the process has ended. */
  readonly exitCode: Promise<number | null>
}

/** How a program is started. */
export interface ProgramOptions {
  readonly cwd: string
  /** Default: standard output and standard error are read. */
  readonly stdio?: StdioOptions
  readonly env?: NodeJS.ProcessEnv
  /** A command of the shell before the program, such as `ulimit -f 8`. Default: none. */
  readonly before?: string
}

/** Starts ratelab with these arguments. */
export function startProgram(args: readonly string[], { before, ...options }: ProgramOptions): Program {
  const own = [process.execPath, main, ...args] as const
  return startCommand(before === undefined ? own : ['sh', '-c', `${before}; exec "$@"`, 'sh', ...own], options)
}

/** Starts any command. */
export function startCommand(
  [command, ...args]: readonly [string, ...string[]],
  { cwd, stdio = ['ignore', 'pipe', 'pipe'], env = process.env }: Omit<ProgramOptions, 'before'>,
): Program {
  const child = spawn(command, args, { cwd, stdio, env })
  running.push(child)
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  let hasEnded = false
  const exitCode = once(child, 'close').then(([code]) => {
    hasEnded = true
    return code as number | null
  })
  return {
    child,
    out: () => out,
    err: () => err,
    exitCode,
    async untilPrinted(text) {
      while (!out.includes(text) && !err.includes(text)) {
        if (hasEnded) throw new Error(`Expected the output to contain ${JSON.stringify(text)}, got ${out}${err}`)
        await systemClock.sleep(10)
      }
    },
  }
}

/** What a server prints about itself with `--json`. */
export interface Card {
  readonly origin: string
  readonly port: number
  /** The address of the control plane. A gateway has none. */
  readonly control: string
  readonly baseUrls: { readonly openai: string }
}

/** Starts a server on any free port, and resolves when it listens. */
export async function startServer(
  args: readonly string[],
  options: ProgramOptions,
): Promise<Program & { readonly card: Card }> {
  const program = startProgram([...args, '--port', '0', '--json'], options)
  await program.untilPrinted('\n')
  return { ...program, card: JSON.parse(program.out()) }
}

/** Sends a chat to a server. */
export function chat({ baseUrls }: Pick<Card, 'baseUrls'>, fields: object = {}): Promise<Response> {
  return fetch(`${baseUrls.openai}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-ratelab', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'qwen-plus', messages: [{ role: 'user', content: 'Hi' }], ...fields }),
  })
}
