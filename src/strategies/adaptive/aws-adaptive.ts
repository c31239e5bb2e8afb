import type { Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Inspection, Strategy } from '../../core/strategy.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { awsBackoff } from '../retry/aws-standard.ts'
import { fullJitter } from '../retry/jitter.ts'
import { type Controller, controlled } from './controller.ts'
import { Cubic } from './cubic.ts'
import { ReplyRate } from './reply-rate.ts'
import { TokenBucket } from './token-bucket.ts'

/** The least rate, in attempts a second, and how far the rate may be above the measured one. */
const leastPerSecond = 0.5
const mostOfMeasured = 2

/**
 * The "adaptive" mode of the AWS SDKs (botocore `retries/adaptive.py`, `bucket.py` and `throttling.py` at 0e6e2404), without its bound
 * on attempts: a call is tried until its deadline. Attempts are free until the first throttle. From then on each takes a token of a bucket,
 * whose rate CUBIC moves (`Cubic`): after a throttle at min(measured rate, bucket's rate) it falls to 0.7 of that, after an answer it
 * follows the curve, never above 2 · the measured rate of replies and never below 0.5 a second. A retry waits U(0, 1) · min(2^k, 20) s before it
 * asks for a token.
 */
export function awsAdaptive(options: WaitingOptions = {}): Strategy {
  return {
    name: `awsAdaptive${lineName(options)}`,
    wrap: (next, env) => {
      const controller = new AwsAdaptive(env.clock.now())
      return controlled('awsAdaptive', controller, next, env, options, fullJitter(env.random, awsBackoff))
    },
  }
}

class AwsAdaptive implements Controller {
  readonly #cubic: Cubic
  readonly #replies: ReplyRate
  readonly #bucket: TokenBucket
  #isEnabled = false

  constructor(now: Millis) {
    this.#cubic = new Cubic(now)
    this.#replies = new ReplyRate(now)
    this.#bucket = new TokenBucket(1, 1, 0, now)
  }

  opensAt(now: Millis): Millis {
    return this.#isEnabled ? this.#bucket.readyAt(now) : now
  }

  sent(now: Millis): void {
    if (this.#isEnabled) this.#bucket.take(now)
  }

  learn(reply: Reply, _sentAt: Millis, now: Millis): void {
    const measured = this.#replies.count(now)
    const perSecond =
      reply.kind === 'throttled'
        ? this.#cubic.throttled(this.#isEnabled ? Math.min(measured, this.#bucket.perSecond) : measured, now)
        : this.#cubic.answered(now)
    this.#isEnabled ||= reply.kind === 'throttled'
    const bounded = Math.min(perSecond, mostOfMeasured * measured)
    this.#bucket.fillAt(Math.max(leastPerSecond, bounded), Math.max(1, bounded), now)
  }

  state(): Inspection {
    return { perSecond: this.#bucket.perSecond, isEnabled: this.#isEnabled }
  }
}
