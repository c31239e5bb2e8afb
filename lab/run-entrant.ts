import { isGuest } from './catalogue/catalogue.ts'
import type { Entrant } from './contestants.ts'
import { runGuest } from './guest-run.ts'
import { type OwnRun, runOwn } from './own-run.ts'

/** Whether a strategy is ratelab's own code, which need not be watched. */
export function isOurs(strategy: Entrant): boolean {
  return typeof strategy === 'string' && !isGuest(strategy)
}

/** Does the work of a job with a strategy. Code that is not ratelab's own is watched, and its faults are errors that name it. */
export function runEntrant<T>(strategy: Entrant, run: OwnRun, work: () => Promise<T>): Promise<T> {
  if (isOurs(strategy)) return work()
  return typeof strategy === 'string' ? runGuest(strategy, run, work) : runOwn(strategy, run, work)
}
