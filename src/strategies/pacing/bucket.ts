import { expectNumber } from '../../core/expect.ts'
import type { Limit } from '../../core/limit.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectLimits } from '../bounds.ts'
import { type GatedLineOptions, gatedLine, gatedLineName } from './gated-line.ts'
import { meteredGate } from './metered-gate.ts'
import { RefilledBucket } from './refilled-bucket.ts'
import { bucketName, safeBucket } from './safe-bucket.ts'

/** The options of `bucket`. */
export interface BucketOptions extends GatedLineOptions {
  /** The limits that the client is told. Those of tokens are ignored. */
  readonly limits: readonly Limit[]
  /** The size of the bucket as a share of the smallest limit of requests; it holds one request at least. >= 0 and <= 1. Default 0.2. */
  readonly burst?: number
  /** The share of the greatest safe rate at which it refills: less than 1 leaves room for network delays. >= 0.01 and <= 1. Default 0.95. */
  readonly share?: number
}

/**
 * A token bucket for requests that exceeds no limit: `safe-bucket.ts` has the theorem. A greater burst lets more calls go at once after an idle
 * time, and fewer in the long run. Throws an `OptionError` for a wrong option.
 */
export function bucket({ limits, burst = 0.2, share = 0.95, ...lineOptions }: BucketOptions): Strategy {
  expectNumber('burst', burst, { atLeast: 0, atMost: 1 })
  expectNumber('share', share, { atLeast: 0.01, atMost: 1 })
  const size = safeBucket(expectLimits('limits', limits, 'requests'), burst, share)
  return {
    name: `bucket(${bucketName(size)}${gatedLineName(lineOptions)})`,
    wrap: (next, env) => gatedLine(next, env, meteredGate([new RefilledBucket(size)]), lineOptions),
  }
}
