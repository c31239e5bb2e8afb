import type { Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Random } from '../../core/random.ts'
import type { Inspection, Strategy } from '../../core/strategy.ts'
import { longestWait } from '../bounds.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { SlidingCount } from '../sliding-count.ts'
import { type Controller, controlled } from './controller.ts'

/** The options of `sreThrottle`. */
export interface SreThrottleOptions extends WaitingOptions {
  /** K: how many requests a client offers for each one that is accepted before it refuses some itself. >= 1. Default 2. */
  readonly multiplier?: number
  /** The time over which requests and accepts are counted, in milliseconds. Whole, > 0, <= 1e12. Default 120,000. */
  readonly window?: Millis
  /** The pause of the line after a refusal, in milliseconds. Whole, > 0, <= 1e12. Default 100. */
  readonly pause?: Millis
}

/**
 * The client-side throttling of Google's SRE book ("Handling Overload"), with a line in front of it: what the client refuses itself waits
 * and is offered again, where the book lets it fail. The client refuses a request with the probability
 * p = max(0, (requests − K · accepts) ÷ (requests + 1)). A request counts when it is offered, refused ones too; counted at its end, a slow
 * service would look like a good one. After a refusal the head of the line is offered again `pause` later. In the long run K attempts are
 * sent for each that is accepted, so a lasting backlog costs K attempts a call. Retries go first, and a call is tried until its deadline.
 * Throws an `OptionError` for a wrong option.
 */
export function sreThrottle({
  multiplier = 2,
  window = 120_000,
  pause = 100,
  ...lineOptions
}: SreThrottleOptions = {}): Strategy {
  expectNumber('multiplier', multiplier, { atLeast: 1 })
  expectNumber('window', window, { above: 0, atMost: longestWait, whole: true })
  expectNumber('pause', pause, { above: 0, atMost: longestWait, whole: true })
  return {
    name: `sreThrottle(${multiplier}, ${window} ms, ${pause} ms${lineName(lineOptions)})`,
    wrap: (next, env) =>
      controlled('sreThrottle', new SreThrottle(multiplier, window, pause, env.random), next, env, lineOptions),
  }
}

class SreThrottle implements Controller {
  readonly #multiplier: number
  readonly #pause: Millis
  readonly #random: Random
  readonly #requests: SlidingCount
  readonly #accepts: SlidingCount
  #isAllowed = false
  #offersFrom: Millis = -Infinity

  constructor(multiplier: number, window: Millis, pause: Millis, random: Random) {
    this.#multiplier = multiplier
    this.#pause = pause
    this.#random = random
    this.#requests = new SlidingCount(window)
    this.#accepts = new SlidingCount(window)
  }

  /** Offers the head of the line, if a pause is over. One that is not refused is not offered again before it is sent. */
  opensAt(now: Millis): Millis {
    if (!this.#isAllowed && now >= this.#offersFrom) this.#offer(now)
    return this.#isAllowed ? now : this.#offersFrom
  }

  sent(): void {
    this.#isAllowed = false
  }

  #offer(now: Millis): void {
    const requests = this.#requests.at(now)
    const refusal = Math.max(0, (requests - this.#multiplier * this.#accepts.at(now)) / (requests + 1))
    this.#requests.add(now)
    this.#isAllowed = this.#random.next() >= refusal
    if (!this.#isAllowed) this.#offersFrom = now + this.#pause
  }

  learn(reply: Reply, _sentAt: Millis, now: Millis): void {
    if (reply.kind === 'ok') this.#accepts.add(now)
  }

  state(): Inspection {
    return { offersFrom: this.#offersFrom }
  }
}
