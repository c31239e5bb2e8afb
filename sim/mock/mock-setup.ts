import type { Limit } from '../../src/core/limit.ts'
import type { AccountSpec, Switches } from '../../src/scenario/world.ts'
import { oneAccount } from '../setup/defaults.ts'
import type { WireSwitches } from '../switches/wire-switches.ts'
import type { FaultSpec } from '../wire/handling/fault-plan.ts'

/** The setup of a mock. All of it can be changed while the mock runs. */
export interface MockSetup {
  /** The limits of models, by name. They replace the limits of the profile; a model that the profile lacks is added. Default: none. */
  readonly limits?: Readonly<Record<string, readonly Limit[]>>
  /** The accounts, each with its keys. Default: one account with the key `sk-ratelab`. */
  readonly accounts?: readonly AccountSpec[]
  /** The behaviour of the provider. Default: `{}`, which leaves every switch at its own default. */
  readonly switches?: Partial<Switches>
  /** The behaviour of the wire: what answers and errors look like. Default: `{}`, as for `switches`. */
  readonly wire?: Partial<WireSwitches>
  /** The faults that happen to requests. Default: none. */
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
