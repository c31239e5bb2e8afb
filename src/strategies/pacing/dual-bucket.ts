import { expectNumber } from '../../core/expect.ts'
import { type Limit, limitsOn, type Unit } from '../../core/limit.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectLimits } from '../bounds.ts'
import { type GatedLineOptions, gatedLine, gatedLineName } from './gated-line.ts'
import { meteredGate } from './metered-gate.ts'
import { RefilledBucket } from './refilled-bucket.ts'
import { type BucketSize, bucketName, safeBucket } from './safe-bucket.ts'

/** The options of `dualBucket`. */
export interface DualBucketOptions extends GatedLineOptions {
  /** The limits that the client is told, of requests and of tokens. Where it is told none of a kind, there is no bucket of that kind. */
  readonly limits: readonly Limit[]
  /** The size of each bucket as a share of the smallest limit of its kind; it holds one unit at least. >= 0 and <= 1. Default 0.1. */
  readonly burst?: number
  /** The share of the greatest safe rate at which each refills: less than 1 leaves room for network delays. >= 0.01 and <= 1. Default 0.95. */
  readonly share?: number
}

/**
 * Two token buckets, one of requests and one of tokens, sized by the theorem of `safe-bucket.ts`: what Alibaba advises against
 * `insufficient_quota` ("Best practices for handling rate limiting"). A call takes its reservation (`token-reservation.ts`) before it is sent;
 * the reply tells how many tokens it used, and the difference is given back or taken. Throws an `OptionError` for a wrong option.
 */
export function dualBucket({ limits, burst = 0.1, share = 0.95, ...lineOptions }: DualBucketOptions): Strategy {
  expectNumber('burst', burst, { atLeast: 0, atMost: 1 })
  expectNumber('share', share, { atLeast: 0.01, atMost: 1 })
  const told = expectLimits('limits', limits)
  const sizesOn = (unit: Unit) => {
    const limitsOfUnit = limitsOn(unit, told)
    return limitsOfUnit.length === 0 ? [] : [safeBucket(limitsOfUnit, burst, share)]
  }
  const requests = sizesOn('requests')
  const tokens = sizesOn('tokens')
  return {
    name: `dualBucket(${[...requests, ...tokens].map(bucketName).join('; ')}${gatedLineName(lineOptions)})`,
    wrap: (next, env) => gatedLine(next, env, meteredGate(requests.map(filled), tokens.map(filled)), lineOptions),
  }
}

function filled(size: BucketSize): RefilledBucket {
  return new RefilledBucket(size)
}
