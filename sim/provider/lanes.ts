import type { Target } from '../../src/core/call.ts'
import type { Random } from '../../src/core/random.ts'
import { batchEndpoint, longestBatchWait } from '../../src/scenario/batch-chat.ts'
import type { Service } from './latency.ts'

/**
 * How the provider serves a call. Online: at once, within the limits. Batch Chat: outside of all limits, at half the price and without free quota, when
 * it has room for the call.
 */
export type Lane = 'online' | 'batch'

/** The price of each lane as a share of the price of the model. */
export const laneFactor: Readonly<Record<Lane, number>> = { online: 1, batch: 0.5 }

/** Returns the lane that a target's endpoint stands for. */
export function laneOf({ endpoint }: Target): Lane {
  return endpoint === batchEndpoint ? 'batch' : 'online'
}

/**
 * Adds to a service time how long Batch Chat keeps the call waiting: any time up to the longest, all equally likely. This law is an ASSUMPTION. It
 * depends on the call alone.
 */
export function batchService(random: Random): (call: number, service: Service) => Service {
  return (call, { firstToken, total }) => {
    const wait = Math.floor(random.at(call) * (longestBatchWait + 1))
    return { firstToken: wait + firstToken, total: wait + total }
  }
}
