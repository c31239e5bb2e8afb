import { openBreakerCode, type Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { longestWait } from '../bounds.ts'
import type { OnEnd, SendGate } from '../pacing/gate.ts'
import { type GatedLineOptions, gatedLine, gatedLineName } from '../pacing/gated-line.ts'
import { isTransient } from '../retry/transient.ts'
import { HalfOpen } from './half-open.ts'
import { RecentShare } from './recent-share.ts'

/** The options of `breaker`. */
export interface BreakerOptions extends GatedLineOptions {
  /** The share of failed attempts at which it opens. > 0, <= 1. Default 0.5. */
  readonly threshold?: number
  /** The time over which the share is taken, in milliseconds. Whole, >= 10, <= 1e12. Default 30,000. */
  readonly window?: Millis
  /** The fewest attempts in that time from which it opens. Whole, >= 1. Default 10. */
  readonly least?: number
  /** How long it stays open before one call, the probe, is let through, in milliseconds. Whole, > 0, <= 1e12. Default 10,000. */
  readonly rest?: Millis
  /**
   * Whether calls wait in line while it is open. Otherwise they fail at once, as the breakers of libraries let them: with the code
   * `BREAKER_OPEN`, retryable. Default true.
   */
  readonly park?: boolean
}

/** The reply to a call that came while the breaker was open and does not park. Its status is 0, since nothing was sent. */
export const breakerIsOpen: Reply = Object.freeze({
  kind: 'failed',
  status: 0,
  code: openBreakerCode,
  retryable: true,
  body: undefined,
})

/**
 * A circuit breaker with a sampled share of failures, as in cockatiel and Polly: it opens when at least `threshold` of the attempts of the last
 * `window` failed. A 429 is a failure here, except one for a free quota that is used up, and so is a reply that is retryable. Throws an
 * `OptionError` for a wrong option.
 */
export function breaker({
  threshold = 0.5,
  window = 30_000,
  least = 10,
  rest = 10_000,
  park = true,
  ...lineOptions
}: BreakerOptions = {}): Strategy {
  expectNumber('threshold', threshold, { above: 0, atMost: 1 })
  expectNumber('window', window, { atLeast: 10, atMost: longestWait, whole: true })
  expectNumber('least', least, { atLeast: 1, whole: true })
  expectNumber('rest', rest, { above: 0, atMost: longestWait, whole: true })
  return {
    name: `breaker(${threshold} of ${least}+ in ${window} ms, rest ${rest} ms${park ? '' : ', no park'}${gatedLineName(lineOptions)})`,
    wrap(next, env) {
      const gate = new BreakerGate(new RecentShare(window), { threshold, least, rest })
      if (park) return gatedLine(next, env, gate, lineOptions)
      return async function breaker(call) {
        const now = env.clock.now()
        if (gate.opensAt() > now) return breakerIsOpen
        const ended = gate.pass()
        let reply: Reply | undefined
        try {
          reply = await next(call)
          return reply
        } finally {
          ended(reply, env.clock.now())
        }
      }
    },
  }
}

class BreakerGate implements SendGate {
  readonly #failures: RecentShare
  readonly #law: Required<Pick<BreakerOptions, 'threshold' | 'least' | 'rest'>>
  readonly #use = new HalfOpen()

  constructor(failures: RecentShare, law: Required<Pick<BreakerOptions, 'threshold' | 'least' | 'rest'>>) {
    this.#failures = failures
    this.#law = law
  }

  opensAt(): Millis {
    return this.#use.opensAt
  }

  pass(): OnEnd {
    const isProbe = this.#use.pass()
    return (reply, now) => {
      if (isProbe) this.#probed(reply, now)
      else if (reply && !this.#use.isResting) this.#sampled(isTransient(reply), now)
    }
  }

  #probed(reply: Reply | undefined, now: Millis): void {
    const works = reply !== undefined && !isTransient(reply)
    this.#use.probed(works)
    if (works) this.#failures.clear()
    // An aborted probe has found out nothing, and the next call is one at once.
    else if (reply) this.#use.rest(now + this.#law.rest)
  }

  #sampled(failed: boolean, now: Millis): void {
    const { threshold, least, rest } = this.#law
    const { share, of } = this.#failures.add(failed, now)
    if (failed && of >= least && share >= threshold) this.#use.rest(now + rest)
  }
}
