import type { Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Inspection, Strategy } from '../../core/strategy.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { fullJitter } from '../retry/jitter.ts'
import { type ConcurrencyBounds, ConcurrencyLimit, expectConcurrencyBounds } from './concurrency-limit.ts'
import { controlled } from './controller.ts'

/** The options of `gradient2`. */
export interface Gradient2Options extends WaitingOptions {
  /** The attempts in flight at the start. Whole, `least` to `most`. Default 20. */
  readonly start?: number
  /** The least limit. Whole, >= 1. Default 20. */
  readonly least?: number
  /** The greatest limit. Whole, >= `least`. Default 200. */
  readonly most?: number
  /** By how much a reply may be slower than the long mean before the limit shrinks, as a factor. >= 1. Default 1.5. */
  readonly tolerance?: number
}

/** What the limit grows by while replies are no slower, and the weight of the new limit. */
const queueSize = 4
const smoothing = 0.2

/** The replies of the long mean. The first ones of them count evenly. */
const longReplies = 600
const firstReplies = 10

/**
 * The Gradient2 limit of Netflix (concurrency-limits at 78a74b9), as a negative control. From the round trip of each answer, rtt, and the
 * exponential mean of them over 600, long, follows gradient = max(0.5, min(1, tolerance · long ÷ rtt)), and the limit becomes
 * 0.8 · limit + 0.2 · (gradient · limit + 4); it stays if fewer than half of it are in flight at the answer. A long mean above 2 · rtt
 * shrinks by a tenth. A 429 comes back in no time, so it is a drop and no sample of the round trip, and the law has no answer to drops: it
 * is blind to quotas. A retry waits with full jitter from 1 s to 60 s, until the call's deadline. Throws an `OptionError` for a wrong
 * option.
 */
export function gradient2({
  start = 20,
  least = 20,
  most = 200,
  tolerance = 1.5,
  ...lineOptions
}: Gradient2Options = {}): Strategy {
  const bounds = { start, least, most }
  expectConcurrencyBounds(bounds)
  expectNumber('tolerance', tolerance, { atLeast: 1 })
  return {
    name: `gradient2(${start}, ${least}..${most}, ${tolerance}${lineName(lineOptions)})`,
    wrap: (next, env) =>
      controlled('gradient2', new Gradient2(bounds, tolerance), next, env, lineOptions, fullJitter(env.random)),
  }
}

class Gradient2 extends ConcurrencyLimit {
  readonly #tolerance: number
  #count = 0
  /** The long mean of round trips, in milliseconds. */
  #long: Millis = 0

  constructor(bounds: ConcurrencyBounds, tolerance: number) {
    super(bounds)
    this.#tolerance = tolerance
  }

  learn(reply: Reply, sentAt: Millis, now: Millis): void {
    if (reply.kind !== 'ok') return
    const rtt = Math.max(1, now - sentAt)
    this.#count++
    const weight = this.#count <= firstReplies ? 1 / this.#count : 2 / (longReplies + 1)
    this.#long += weight * (rtt - this.#long)
    const gradient = Math.max(0.5, Math.min(1, (this.#tolerance * this.#long) / rtt))
    if (this.#long > 2 * rtt) this.#long *= 0.9
    if (this.inFlight < this.limit / 2) return
    this.limit = (1 - smoothing) * this.limit + smoothing * (gradient * this.limit + queueSize)
  }

  override state(): Inspection {
    return { ...super.state(), long: this.#long }
  }
}
