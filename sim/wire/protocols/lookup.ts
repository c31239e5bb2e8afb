import type { Millis } from '../../../src/core/clock.ts'
import type { Profile } from '../../../src/scenario/profile.ts'
import type { Account } from '../../provider/account.ts'
import type { WireRequest } from '../exchange.ts'

/** For whom something is looked up, and when. */
export interface LookupContext {
  readonly account: Account
  /** The workspace of the key. Undefined: the account's default workspace. */
  readonly workspace: string | undefined
  readonly profile: Profile
  readonly now: Millis
  readonly requestId: string
}

/** Answers a request that needs no model, at once and without a limit: returns the body of the reply. Throws a `BadRequest` when it is wrong. */
export type Lookup = (request: WireRequest, context: LookupContext) => object
