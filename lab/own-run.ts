import { InputError } from '../src/checks/input-error.ts'
import type { OwnStrategy } from '../src/scenario/scenario.ts'
import type { Remedies } from './ambient-ban.ts'
import { runFault } from './load-fault.ts'
import type { PlugIn } from './plug-in.ts'
import type { UserCodeWatch } from './user-code.ts'

/** How a strategy that is not ratelab's own code is run. */
export interface OwnRun {
  /** Keeps the strategy from the platform's time and chance. Only a worker can. Default: nothing does. */
  readonly watch?: UserCodeWatch
  /** Whether the strategy runs twice, and must do the same both times. Default: false. */
  readonly isRepeated?: boolean
}

const remedies: Remedies = {
  time: 'take the time from `env.clock.now()`',
  wait: 'wait with `env.clock.sleep(ms, call.signal)`',
  chance: 'draw from `env.random.next()`',
  network: 'send only with the `next` that `wrap` is given',
}

/**
 * Runs what a strategy that is not from the catalogue does in a job. Rejects with an `InputError` that names the strategy for whatever it
 * does wrong.
 */
export function runOwn<T>(own: PlugIn | OwnStrategy, run: OwnRun, work: () => Promise<T>): Promise<T> {
  const file = 'strategyFor' in own ? own.file : undefined
  const who = file === undefined ? own.name : `${own.name} (${file})`
  return watched({ who, file, remedies }, run, work)
}

/** Code that is not ratelab's. */
interface Foreign {
  readonly who: string
  /** The file that it comes from. Default: unknown. */
  readonly file?: string | undefined
  readonly remedies: Remedies
}

/** Does the work of foreign code in a job. Rejects with an `InputError` that names it for whatever it does wrong. */
export async function watched<T>(
  { who, file, remedies }: Foreign,
  { watch }: OwnRun,
  work: () => Promise<T>,
): Promise<T> {
  const expected = `Expected ${who} to answer every call, but: `
  watch?.entered({ kind: 'strategy', expected })
  watch?.ban.impose(remedies, 'STRATEGY_FAILED')
  try {
    const done = await work()
    if (watch?.ban.violation) throw watch.ban.violation
    return done
  } catch (error) {
    throw new InputError(`${expected}${runFault(file, watch?.ban.violation ?? error)}`, 'STRATEGY_FAILED')
  } finally {
    watch?.ban.lift()
    watch?.entered(undefined)
  }
}

/** The error of a strategy that leaves calls without an end. */
export function neverSettled(calls: number, all: number): InputError {
  return new InputError(
    `Expected it to settle the promise of every call, but ${calls} of ${all} never settled, an hour after the end of the run: ` +
      'wait only with `env.clock.sleep(ms, call.signal)`, and for promises that are certain to settle',
    'STRATEGY_FAILED',
  )
}

/** The error of a strategy that does not do the same with the same seed. */
export function otherFigures(): InputError {
  return new InputError(
    'Expected it to do the same whenever it runs with the same seed, but it does not: draw only from `env.random`, take the time only from ' +
      '`env.clock`, wait for nothing outside of the simulation, and make all state in `wrap`',
    'STRATEGY_FAILED',
  )
}
