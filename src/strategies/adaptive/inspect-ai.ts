import type { Call, Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Strategy } from '../../core/strategy.ts'
import { gatedLine } from '../pacing/gated-line.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { type Backoff, laws } from '../retry/jitter.ts'
import { sendAgain } from '../retry/send-again.ts'
import { advice, isTransient } from '../retry/transient.ts'
import { ConcurrencyLimit, expectConcurrencyBounds } from './concurrency-limit.ts'
import { gateOf } from './controller.ts'

/** The options of `inspectAi`. */
export interface InspectAiOptions extends WaitingOptions {
  /** The calls in flight at the start. Whole, `least` to `most`. Default 20. */
  readonly start?: number
  /** The least limit. Whole, >= 1. Default 10. */
  readonly least?: number
  /** The greatest limit. Whole, >= `least`. Default 100. */
  readonly most?: number
}

/** The waits before retries: from 3 s to 30 minutes, without jitter. */
const backoff: Backoff = { base: 3000, cap: 1_800_000 }

/** The least number of clean answers in a round, and the share of the limit that must have been in flight in it. */
const leastRound = 4
const usedShare = 0.8

/** The limit moves in steps of so many, and the least time between two cuts, in milliseconds. */
const step = 5
const cutPause: Millis = 15_000

/**
 * The adaptive concurrency of inspect_ai (`util/_concurrency.py` at 499e615). A round is as many clean answers as the limit, at least 4;
 * answers of calls that were retried do not count. After a round in which 80 % of the limit was in flight, the limit doubles if there was
 * no 429 yet; otherwise max(1, 5 %) is added and the sum is rounded up to a multiple of 5. A 429 multiplies it by 0.8, rounded down to a
 * multiple of 5, at most once in max(15 s, the advice). A call keeps its place through its retries, which go on until its deadline, min(3 · 2^k,
 * 1800) s apart. Throws an `OptionError` for a wrong option.
 */
export function inspectAi({ start = 20, least = 10, most = 100, ...lineOptions }: InspectAiOptions = {}): Strategy {
  const bounds = { start, least, most }
  expectConcurrencyBounds(bounds)
  return {
    name: `inspectAi(${start}, ${least}..${most}${lineName(lineOptions)})`,
    wrap: (next, env) => {
      const { clock } = env
      const limit = new InspectAi(bounds)
      env.expose?.('inspectAi', () => limit.state())
      return gatedLine(answered, env, gateOf(limit), lineOptions)

      async function answered(call: Call): Promise<Reply> {
        let isClean = true
        const reply = await sendAgain(call, next, clock, (reply, k) => {
          if (!isTransient(reply)) return undefined
          isClean = false
          if (reply.kind === 'throttled') limit.throttled(advice(reply), clock.now())
          return Math.max(laws.none(k, 0, backoff, 0), advice(reply))
        })
        if (isClean && reply.kind === 'ok') limit.answeredCleanly(clock.now())
        return reply
      }
    },
  }
}

class InspectAi extends ConcurrencyLimit {
  #clean = 0
  #mostInFlight = 0
  #hasBeenThrottled = false
  #cutFrom: Millis = -Infinity

  override sent(): void {
    super.sent()
    this.#mostInFlight = Math.max(this.#mostInFlight, this.inFlight)
  }

  /** Counts an answer to a first attempt. Soon after a cut it tells of the limit before, and does not count. */
  answeredCleanly(now: Millis): void {
    if (now < this.#cutFrom) return
    this.#clean++
    if (this.#clean < Math.max(leastRound, this.limit)) return
    if (this.#mostInFlight >= usedShare * this.limit) {
      const grown = this.limit + Math.max(1, 0.05 * this.limit)
      this.limit = this.#hasBeenThrottled ? Math.ceil(grown / step) * step : 2 * this.limit
    }
    this.#newRound()
  }

  throttled(advised: Millis, now: Millis): void {
    this.#hasBeenThrottled = true
    if (now < this.#cutFrom) return
    this.#cutFrom = now + Math.max(cutPause, advised)
    this.limit = Math.floor((0.8 * this.limit) / step) * step
    this.#newRound()
  }

  #newRound(): void {
    this.#clean = 0
    this.#mostInFlight = this.inFlight
  }
}
