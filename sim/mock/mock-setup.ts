import type { Limit } from '../../src/core/limit.ts'
import type { AccountSpec, Switches } from '../../src/scenario/world.ts'
import { oneAccount } from '../setup/defaults.ts'
import type { WireSwitches } from '../switches/wire-switches.ts'
import type { FaultSpec } from '../wire/handling/fault-plan.ts'

/** How a mock is set up, and what may be changed while it runs. */
export interface MockSetup {
  /** By model; in the place of the profile's limits, or for a model that the profile lacks. */
  readonly limits?: Readonly<Record<string, readonly Limit[]>>
  /** Default: one account with the key `sk-ratelab`. */
  readonly accounts?: readonly AccountSpec[]
  readonly switches?: Partial<Switches>
  readonly wire?: Partial<WireSwitches>
  /** What is to go wrong. Default: nothing. */
  readonly faults?: readonly FaultSpec[]
}

/** A setup with the defaults filled in. */
export function completeSetup({
  limits = {},
  accounts = oneAccount,
  switches = {},
  wire = {},
  faults = [],
}: MockSetup): Required<MockSetup> {
  return { limits, accounts, switches, wire, faults }
}
