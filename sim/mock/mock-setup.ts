import { oneAccount } from '../setup/defaults.ts'
import type { MockSetup } from '../setup/setup-problems.ts'

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
