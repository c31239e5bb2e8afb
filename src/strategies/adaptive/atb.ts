import type { Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Inspection, Strategy } from '../../core/strategy.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { type Controller, controlled } from './controller.ts'
import { TokenBucket } from './token-bucket.ts'

/**
 * The bucket of the paper: its size, its first token, its first rate and its least one, in tokens a second. The greatest rate is not of
 * the paper, which has no bound; numbers do.
 */
export const atbBucket = { size: 4, tokens: 1, perSecond: 0.1, least: 0.01, most: 1e6 } as const

/** The steps of the rate below and above the rate of the last congestion. The least step is added, in tokens a second. */
const steps = { below: 1.5, above: 1.2, least: 0.01 }

/**
 * The adaptive token bucket (arXiv 2510.04516): a bucket of 4 tokens with 1 at the start, filled at r = 0.1 a second. After each ok,
 * r becomes max(r + 0.01, 1.5·r) below the rate of the last congestion, and max(r + 0.01, 1.2·r) above it. After each 429 that rate is r, r
 * becomes max(0.01, r ÷ 2) and the bucket is poured out. A call is tried until its deadline.
 */
export function atb(options: WaitingOptions = {}): Strategy {
  return {
    name: `atb${lineName(options)}`,
    wrap: (next, env) => controlled('atb', new Atb(env.clock.now()), next, env, options),
  }
}

class Atb implements Controller {
  readonly #bucket: TokenBucket
  /** The rate of the last congestion. */
  #congested = Infinity

  constructor(now: Millis) {
    this.#bucket = new TokenBucket(atbBucket.perSecond, atbBucket.size, atbBucket.tokens, now)
  }

  opensAt(now: Millis): Millis {
    return this.#bucket.readyAt(now)
  }

  sent(now: Millis): void {
    this.#bucket.take(now)
  }

  learn(reply: Reply, _sentAt: Millis, now: Millis): void {
    const rate = this.#bucket.perSecond
    if (reply.kind === 'ok') {
      const step = rate < this.#congested ? steps.below : steps.above
      this.#fillAt(Math.min(atbBucket.most, Math.max(rate + steps.least, rate * step)), now)
    } else if (reply.kind === 'throttled') {
      this.#congested = rate
      this.#fillAt(Math.max(atbBucket.least, rate / 2), now)
      this.#bucket.empty(now)
    }
  }

  #fillAt(perSecond: number, now: Millis): void {
    this.#bucket.fillAt(perSecond, atbBucket.size, now)
  }

  state(): Inspection {
    return { perSecond: this.#bucket.perSecond, congested: this.#congested }
  }
}
