import type { AccountSpec } from '../../src/scenario/accounts.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import { type Billing, billingOf } from './billing.ts'

/** The switches that decide how windows are counted. */
export function countingOf({
  window,
  burstGuard,
  burstInterval,
  burstGrowth,
  burstFloor,
  burstMemory,
}: Switches): unknown {
  return [window, burstGuard, burstInterval, burstGrowth, burstFloor, burstMemory]
}

/** What of the money is another. */
export function billingChanges(before: AccountSpec, after: AccountSpec): Partial<Billing> {
  const former = billingOf(before)
  const entries = Object.entries(billingOf(after)) as [keyof Billing, unknown][]
  return Object.fromEntries(entries.filter(([name, value]) => former[name] !== value))
}

/** Whether two pieces of plain data are alike. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The workspaces' own limits, in one list. */
export function workspaceLimitsOf({ workspaces = [] }: AccountSpec) {
  return workspaces.flatMap(({ name: workspace, limits: byModel }) =>
    Object.entries(byModel).map(([model, limits]) => ({ workspace, model, limits })),
  )
}
