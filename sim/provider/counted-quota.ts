import type { Millis } from '../../src/core/clock.ts'
import { all, type Limiter } from '../limiters/limiter.ts'
import type { ModelRow } from '../profiles/profile.ts'
import type { Counters, Level } from './counters.ts'

/** One model's limits as they apply to one key: those of its account and, where it belongs to a workspace, those of the workspace. */
export interface CountedQuota {
  readonly row: ModelRow
  readonly limiter: Limiter
  /** Charges a rejected attempt to all of these limits. The caller decides whether rejected attempts count. */
  chargeReject(now: Millis): void
  /** How full each limit is, those of the workspace first. */
  levels(now: Millis): Level[]
}

/** A quota of the account's limits and, unless undefined, the workspace's own, which are narrower. */
export function countedQuota(row: ModelRow, ofAccount: Counters, ofWorkspace: Counters | undefined): CountedQuota {
  if (!ofWorkspace) return { row, ...ofAccount }
  return {
    row,
    limiter: all([ofWorkspace.limiter, ofAccount.limiter]),
    chargeReject(now) {
      ofWorkspace.chargeReject(now)
      ofAccount.chargeReject(now)
    },
    levels: (now) => [...ofWorkspace.levels(now), ...ofAccount.levels(now)],
  }
}
