import type { Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Inspection, Strategy } from '../../core/strategy.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { fullJitter } from '../retry/jitter.ts'
import { isTransient } from '../retry/transient.ts'
import { SlidingCount } from '../sliding-count.ts'
import { type ConcurrencyBounds, ConcurrencyLimit, expectConcurrencyBounds } from './concurrency-limit.ts'
import { controlled } from './controller.ts'

/** The options of `alibabaEbp`. */
export interface AlibabaEbpOptions extends WaitingOptions {
  /** The attempts in flight at the start. Whole, 1 to `most`. Default 4: the page leaves it open. */
  readonly start?: number
  /** The greatest limit, L_max. Whole, >= 1. Default 200: the page leaves it open. */
  readonly most?: number
}

/** The page leaves these open: the growth g, the least step, the rise of the governor a second, the length of a drain and of an idle time. */
const growth = 1
const step = 1
const governor = 0.3
const drain: Millis = 2000
const idle: Millis = 10_000

/** The factor of the limit after an error, and after each idle time. */
const cut = 0.7
/** A time per token so far above its mean holds the limit; the weight of the newest in the mean. */
const slow = 2
const weight = 0.2
/** How far the limit may be above throughput · latency, and over which time throughput is counted, in milliseconds. */
const headroom = 1.2
const throughputWindow: Millis = 10_000

/**
 * The "Elastic Bandwidth Probing" that Alibaba Cloud describes for Model Studio (page "Best practices for handling rate limiting"). It moves a
 * limit L of attempts in flight. An error that may pass drains: L becomes 0.7·L, and nothing is sent for 2 s. After an answer whose time per
 * token is above twice its exponential mean, L holds. After any other it aims at max(L·(1 + g·(1 − L ÷ L_max)), L + 1), rises by 30 % a
 * second at most, and stays below ⌈1.2 · throughput · latency⌉, or L. Each 10 s without an attempt multiply it by 0.7. A retry waits with
 * full jitter from 1 s to 60 s, until the call's deadline. Throws an `OptionError` for a wrong option.
 */
export function alibabaEbp({ start = 4, most = 200, ...lineOptions }: AlibabaEbpOptions = {}): Strategy {
  const bounds = { start, least: 1, most }
  expectConcurrencyBounds(bounds)
  return {
    name: `alibabaEbp(${start}..${most}${lineName(lineOptions)})`,
    wrap: (next, env) =>
      controlled('alibabaEbp', new AlibabaEbp(bounds), next, env, lineOptions, fullJitter(env.random)),
  }
}

class AlibabaEbp extends ConcurrencyLimit {
  readonly #most: number
  readonly #answers = new SlidingCount(throughputWindow)
  #perToken = 0
  #latency = 0
  #grownAt: Millis = -Infinity
  #drainsUntil: Millis = -Infinity
  /** The instant of the last reply, or of the last decay after it. Before the first reply nothing decays. */
  #usedAt: Millis = Infinity

  constructor(bounds: ConcurrencyBounds) {
    super(bounds)
    this.#most = bounds.most
  }

  override opensAt(now: Millis): Millis {
    this.#decay(now)
    return Math.max(super.opensAt(now), this.#drainsUntil)
  }

  learn(reply: Reply, sentAt: Millis, now: Millis): void {
    if (reply.kind === 'ok') this.#answered(now - sentAt, reply.usage.outputTokens, now)
    else if (isTransient(reply)) this.#drain(sentAt, now)
    this.#usedAt = now
  }

  #drain(sentAt: Millis, now: Millis): void {
    // The attempts of a flight were all sent by the same limit: the first error among them says all.
    if (sentAt < this.#drainsUntil) return
    this.limit *= cut
    this.#drainsUntil = now + drain
  }

  #answered(latency: Millis, tokens: number, now: Millis): void {
    this.#answers.add(now)
    const perToken = latency / Math.max(1, tokens)
    const isSlow = this.#perToken > 0 && perToken > slow * this.#perToken
    this.#perToken = mean(this.#perToken, perToken)
    this.#latency = mean(this.#latency, latency)
    if (isSlow) return
    const aim = Math.max(this.limit * (1 + growth * (1 - this.limit / this.#most)), this.limit + step)
    const seconds = Math.min(1, (now - this.#grownAt) / 1000)
    const governed = this.limit * (1 + governor * seconds)
    const carried = Math.ceil((headroom * this.#answers.at(now) * this.#latency) / throughputWindow)
    this.limit = Math.min(aim, governed, Math.max(carried, this.limit))
    this.#grownAt = now
  }

  #decay(now: Millis): void {
    for (; this.inFlight === 0 && now - this.#usedAt >= idle && this.limit > 1; this.#usedAt += idle) this.limit *= cut
  }

  override state(): Inspection {
    return { ...super.state(), perToken: this.#perToken, latency: this.#latency, drainsUntil: this.#drainsUntil }
  }
}

/** The exponential mean with a further value. Before the first value it is 0. */
function mean(before: number, value: number): number {
  return before === 0 ? value : before + weight * (value - before)
}
