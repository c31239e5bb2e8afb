import { requestRates } from '../optimum/quota.ts'
import type { Contestant, Raise } from './raw-result.ts'

/**
 * Returns the tightest limit on requests of the quota that a strategy uses, in calls a second: at the start, and at each instant at which it
 * changes. `Infinity`: no limit is on requests.
 */
export function requestLimit({ limits }: Contestant): Raise[] {
  return requestRates(limits)
}
