import { givenKeys } from '../flags/key-sources.ts'
import type { GatewayFlags } from './flags.ts'

/** What was typed on the command line. Keys and customers may also stand in files and in the environment. */
export interface TypedFlags extends Omit<GatewayFlags, 'upstreamKey' | 'customer'> {
  readonly upstreamKey: readonly string[]
  readonly upstreamKeyFile?: string
  readonly customer: readonly string[]
  readonly customerFile?: string
}

/** Collects the keys of accounts and customers. The variable with keys of accounts counts only with an upstream, since it may be set for good. */
export async function keysFrom(
  { upstream, upstreamKey, upstreamKeyFile, customer, customerFile }: TypedFlags,
  environment: NodeJS.ProcessEnv,
) {
  const ofAccounts = await givenKeys(
    {
      flag: '--upstream-key',
      typed: upstreamKey,
      fileFlag: '--upstream-key-file',
      file: upstreamKeyFile,
      variable: 'RATELAB_UPSTREAM_KEYS',
    },
    upstream === undefined ? {} : environment,
  )
  const ofCustomers = await givenKeys(
    {
      flag: '--customer',
      typed: customer,
      fileFlag: '--customer-file',
      file: customerFile,
      variable: 'RATELAB_CUSTOMERS',
    },
    environment,
  )
  return {
    found: { upstreamKey: ofAccounts.given, customer: ofCustomers.given },
    problems: [...ofAccounts.problems, ...ofCustomers.problems],
    notes: [...ofAccounts.notes, ...ofCustomers.notes],
  }
}
