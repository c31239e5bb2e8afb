import { InputError } from '../src/checks/input-error.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import type { OwnStrategy } from '../src/scenario/scenario.ts'
import { banAmbient } from './ambient-ban.ts'
import { runFault } from './load-fault.ts'
import type { PlugIn } from './plug-in.ts'

/**
 * Runs the job `work` of a strategy that is not from the catalogue. Rejects with an `InputError` that names the strategy for whatever it
 * does wrong. `bansAmbient` keeps it from the platform's time and chance.
 */
export async function runOwn(
  own: PlugIn | OwnStrategy,
  work: () => Promise<Cell>,
  bansAmbient: boolean,
): Promise<Cell> {
  const ban = bansAmbient ? banAmbient() : undefined
  try {
    const cell = await work()
    if (ban?.violation) throw ban.violation
    return cell
  } catch (error) {
    throw strategyFault(own, ban?.violation ?? error)
  } finally {
    ban?.lift()
  }
}

/** Makes the error of a strategy that is not from the catalogue. The input errors of ratelab itself are returned unchanged. */
function strategyFault(own: PlugIn | OwnStrategy, error: unknown): InputError {
  if (error instanceof InputError && error.code !== 'STRATEGY_FAILED') return error
  const file = 'strategyFor' in own ? own.file : undefined
  const who = file === undefined ? own.name : `${own.name} (${file})`
  return new InputError(`Expected ${who} to answer every call, but: ${runFault(file, error)}`, 'STRATEGY_FAILED')
}
