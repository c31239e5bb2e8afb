import { join } from 'node:path'
import { type Millis, type Random, systemClock } from '../../src/ratelab.ts'
import { checkAccessLog, type StatedLimit } from './access-check.ts'
import type { Findings } from './findings.ts'
import { startProbe } from './probe.ts'
import { watchMemory } from './process-memory.ts'
import { endVictim, startVictim, type Victim } from './victim.ts'

/** What an attack is given. */
export interface Ground {
  readonly seed: number
  /** Chance that follows from the seed. */
  readonly random: Random
  /** Whether the attack is to end within seconds. */
  readonly isShort: boolean
  /** How long inputs drawn by chance go on, real time. */
  readonly span: Millis
  /** An empty folder of the attack's own. */
  readonly folder: string
  readonly findings: Findings
  /** The program that is attacked, and its first arguments. */
  readonly command: readonly string[]
}

/** What is demanded of one server beside what is demanded of all. */
export interface Demands {
  /** The options of the server. Default: none. */
  readonly args?: readonly string[]
  /** The command of ratelab. Default: `serve`. */
  readonly subcommand?: 'serve' | 'gateway'
  readonly env?: Readonly<Record<string, string>>
  /** Limits that no window may exceed. */
  readonly limits?: readonly StatedLimit[]
  /** Texts that neither standard error nor the log may hold. */
  readonly secrets?: readonly string[]
  /** Whether the attack resets the mock, after which the numbers and ids of requests begin again. Default: false. */
  readonly isReset?: boolean
  /** The most resident memory, bytes. Default: no bound of its own. */
  readonly mostMemory?: number
}

/** The number of servers so far, for the names of their logs. */
let servers = 0

/** How long a server may take to settle, and to end, milliseconds of real time. */
const patience: Millis = 30_000

/**
 * Starts a server, lets `attack` attack it, and then demands of it what is demanded of every server: it lives, nothing is in flight, it ends with
 * exit code 0, standard error has no stack, and the access log has each request once.
 */
export async function besiege(
  ground: Ground,
  demands: Demands,
  attack: (victim: Victim) => Promise<void>,
): Promise<void> {
  const { findings, folder } = ground
  const {
    subcommand = 'serve',
    args = [],
    env,
    limits = [],
    secrets = [],
    isReset = false,
    mostMemory = Infinity,
  } = demands
  const log = join(folder, `access-${servers++}.jsonl`)
  const victim = await startVictim({
    command: ground.command,
    args: [subcommand, ...args, '--access-log', log],
    folder,
    ...(env && { env }),
  })
  const { pid, origin } = victim
  // A gateway has no control plane, so that its probe gets a 404, which is as cheap.
  const probe = startProbe(`${origin}/_ratelab/healthz`)
  const memory = watchMemory(pid)
  const start = memory.now()
  try {
    await attack(victim)
    findings.longestWait = Math.max(findings.longestWait, await probe.longestWait())
    await probe.stop()
    if (!victim.hasEnded() && subcommand === 'serve') await settle(victim, findings)
    const use = { start, end: memory.now(), peak: memory.peak() }
    if (use.peak - use.start > findings.memory.peak - findings.memory.start) findings.memory = use
    const growth = memory.growth()
    if (growth !== undefined && growth > 1.2)
      findings.problem(`memory grew by the factor ${growth.toFixed(2)} after a minute`)
    if (use.peak > mostMemory)
      findings.problem(`${inMebibytes(use.peak)} of memory, at most ${inMebibytes(mostMemory)} allowed`)
  } finally {
    memory.stop()
    await probe.stop()
    if (victim.hasEnded()) findings.problem(`the server died (${await victim.ended}): ${victim.errors().slice(-1000)}`)
    else {
      const end = await endVictim(victim, patience)
      if (end !== 0) findings.problem(`the server ended with ${end} instead of 0`)
      for (const problem of checkAccessLog(log, { limits, secrets, isReset })) findings.problem(problem)
    }
    checkErrors(victim.errors(), secrets, findings)
  }
}

export function checkErrors(errors: string, secrets: readonly string[], findings: Findings): void {
  const stack = /^.*\n\s+at .*$/m.exec(errors)
  if (stack) findings.problem(`standard error has a stack: ${stack[0].slice(0, 500)}`)
  for (const secret of secrets) if (errors.includes(secret)) findings.problem(`standard error holds the key ${secret}`)
}

/** Waits until nothing is in flight. */
async function settle({ origin }: Victim, findings: Findings): Promise<void> {
  const until = systemClock.now() + patience
  let inFlight = -1
  while (inFlight !== 0 && systemClock.now() < until) {
    const reply = await fetch(`${origin}/_ratelab/healthz`, { signal: AbortSignal.timeout(patience) }).catch(
      () => undefined,
    )
    inFlight = reply ? ((await reply.json()) as { inFlight: number }).inFlight : -1
    if (inFlight !== 0) await systemClock.sleep(50)
  }
  if (inFlight !== 0)
    findings.problem(`${inFlight < 0 ? 'no answer' : `${inFlight} requests in flight`} ${patience} ms later`)
}

export function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`
}
