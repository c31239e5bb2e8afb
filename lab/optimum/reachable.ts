import type { Bound } from '../../src/optimum/bound.ts'
import type { Schedule } from '../../src/optimum/optimum.ts'
import { type Charges, keptFromAdmission } from '../../src/optimum/token-demand.ts'
import { type ClairvoyantOptions, clairvoyantSchedule, type Order } from './clairvoyant.ts'

/** What the reachable result is computed from. */
export interface ReachableOptions extends Omit<ClairvoyantOptions, 'charged'>, Charges {}

/**
 * The best of three schedules of a clairvoyant client: first come, first served; the latest arrival first, which in an overload serves
 * calls that are far from their deadlines; and the fewest tokens first. It answers most calls, and of those that answer as many it is the
 * one that admits its last call first, then the one with the shortest mean wait. No order is best everywhere, so the result is not a bound.
 * The other orders are not tried when the first reaches the bound.
 */
export function reachableOf(options: ReachableOptions, bound: Bound): Schedule {
  const charged = (call: number) => keptFromAdmission(options, call)
  const schedule = (order: Order) => clairvoyantSchedule({ ...options, charged }, order)
  const firstCome = schedule((call) => call)
  if (firstCome.answered === bound.answered && firstCome.lastAdmission <= bound.lastAdmission) return firstCome
  return [schedule((call) => -call), schedule(charged)].reduce(
    (best, other) => (isBetter(other, best) ? other : best),
    firstCome,
  )
}

function isBetter(a: Schedule, b: Schedule): boolean {
  if (a.answered !== b.answered) return a.answered > b.answered
  if (a.lastAdmission !== b.lastAdmission) return a.lastAdmission < b.lastAdmission
  return meanWait(a) < meanWait(b)
}

/** The mean wait of the calls that are answered. */
function meanWait({ waits, answered }: Schedule): number {
  let total = 0
  for (const wait of waits) if (wait < Infinity) total += wait
  return total / answered
}
