import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { systemClock } from '../../src/ratelab.ts'
import { before } from '../traffic/connection.ts'
import { lastDescendant } from './process-memory.ts'

/** A server under attack, in a process of its own. */
export interface Victim {
  readonly pid: number
  readonly port: number
  readonly origin: string
  /** What it has written to standard error. */
  readonly errors: () => string
  readonly hasEnded: () => boolean
  /** Resolves when the process has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | string>
  /** Sends a signal to the server. */
  signal(name: NodeJS.Signals): void
}

/** How a victim is started. */
export interface VictimSpec {
  /** The program and its first arguments, such as `['npx', 'ratelab']`. */
  readonly command: readonly string[]
  /** The command of ratelab and its options, without `--port`. */
  readonly args: readonly string[]
  /** The folder in which it runs. */
  readonly folder: string
  /** Further environment variables. Default: none. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a process and does not wait until it listens. */
export function launch({ command, args, folder, env = {} }: VictimSpec): Omit<Victim, 'port' | 'origin'> & {
  readonly output: () => string
} {
  const [program = '', ...first] = command
  const child = spawn(program, [...first, ...args, '--port', '0', '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let output = ''
  let errors = ''
  let hasEnded = false
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors = (errors + text).slice(-mostErrors)
  })
  const ended = once(child, 'close').then(([code, signal]) => {
    hasEnded = true
    return (code ?? signal) as number | string
  })
  return {
    pid: child.pid!,
    output: () => output,
    errors: () => errors,
    hasEnded: () => hasEnded,
    ended,
    signal: (name) => void (hasEnded || process.kill(lastDescendant(child.pid!), name)),
  }
}

/** How much of standard error is kept, characters. */
const mostErrors = 1_000_000

/** Starts a server and resolves when it listens. Rejects when it ends before. */
export async function startVictim(spec: VictimSpec): Promise<Victim> {
  const process = launch(spec)
  while (!process.output().includes('\n')) {
    if (process.hasEnded())
      throw new Error(
        `Expected \`${spec.args.join(' ')}\` to start a server, got ${await process.ended}: ${process.errors()}`,
      )
    await systemClock.sleep(10)
  }
  const { origin, port } = JSON.parse(process.output()) as { origin: string; port: number }
  return { ...process, pid: lastDescendant(process.pid), origin, port }
}

/** Ends a server as Ctrl-C would, and by force when it takes longer than this, milliseconds. Resolves with how it ended. */
export async function endVictim(victim: Omit<Victim, 'port' | 'origin'>, patience: number): Promise<number | string> {
  victim.signal('SIGTERM')
  await before(victim.ended, patience)
  if (victim.hasEnded()) return victim.ended
  victim.signal('SIGKILL')
  await victim.ended
  return 'a process that did not end'
}
