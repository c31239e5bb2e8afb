import type { Millis } from '../../../src/core/clock.ts'
import type { Profile } from '../../profiles/profile.ts'
import type { Account } from '../../provider/account.ts'
import type { WireRequest } from '../exchange.ts'

/** Who looks something up, and when. */
export interface LookupContext {
  readonly account: Account
  /** Absent: the key belongs to no workspace but the account's default one. */
  readonly workspace: string | undefined
  readonly profile: Profile
  readonly now: Millis
  readonly requestId: string
}

/** Answers a request that no model works for: at once, and without any limit. Throws a `BadRequest` that says what is wrong. */
export type Lookup = (request: WireRequest, context: LookupContext) => object
