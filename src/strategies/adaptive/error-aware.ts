import { longestAdvice } from '../../core/advice.ts'
import type { Cause, Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Random } from '../../core/random.ts'
import type { Inspection, Strategy } from '../../core/strategy.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { advice } from '../retry/transient.ts'
import { type AimdConstants, AimdRate, type AimdRateOptions, aimdConstants, aimdRateName } from './aimd-rate.ts'
import { type Controller, controlled } from './controller.ts'
import { Pacer } from './pacer.ts'

/** The options of `errorAware`. */
export interface ErrorAwareOptions extends AimdRateOptions, WaitingOptions {}

/** The factor of the rate after a denial of the burst guard. */
const burstFactor = 0.5

/** The pause after a denial of the burst guard is `least` + U(0, 1) · `spread`, in milliseconds. */
const burstPause = { least: 1000, spread: 1000 }

/** The first pause after a denial of tokens, and the longest, in milliseconds. It doubles with every denial in a row. */
const tokenPause = { first: 1000, longest: 15_000 }

/**
 * Treats each fault as what it is. It paces like `aimd`, told no limit, retries first, and
 *
 * - after a 429 of requests (RPM, RPS) or of unknown cause it cuts the rate, as `aimd` does;
 * - after a 429 of tokens (TPM, `insufficient_quota`) it keeps the rate, since requests are not what is short, and holds the line: 1 s,
 *   doubled with each such denial in a row up to 15 s, · (1 + U(0, 1)) / 2. The first ok reply to an attempt after it ends the row;
 * - after a 429 of the burst guard it halves the rate, holds the line for 1 to 2 s and starts slowly again, half as fast, since growth was
 *   the fault;
 * - after a 429 of the free quota, and after a fault of the account or of the request, it fails the call at once.
 *
 * Pauses and cuts are those of the line, not of the call that was denied: other calls would only be denied too. So is advice, up to 120 s.
 * One denial of each flight counts. Throws an `OptionError` for a wrong option.
 */
export function errorAware(options: ErrorAwareOptions = {}): Strategy {
  const constants = aimdConstants(options)
  return {
    name: `errorAware(${aimdRateName(constants)}${lineName(options)})`,
    wrap: (next, env) => controlled('errorAware', new ErrorAware(constants, env.random), next, env, options),
  }
}

class ErrorAware implements Controller {
  readonly #rate: AimdRate
  readonly #random: Random
  readonly #pacer = new Pacer()
  #tokenPause: Millis = tokenPause.first
  #heldAt: Millis = -Infinity
  #lastCause: Cause | undefined

  constructor(constants: AimdConstants, random: Random) {
    this.#rate = new AimdRate(constants)
    this.#random = random
  }

  opensAt(): Millis {
    return this.#pacer.due
  }

  sent(_now: Millis, planned: Millis): void {
    this.#rate.sent(planned)
    this.#pacer.take(planned, this.#rate.perSecond)
  }

  learn(reply: Reply, sentAt: Millis, now: Millis): void {
    if (reply.kind === 'ok' && sentAt > this.#heldAt) this.#tokenPause = tokenPause.first
    if (reply.kind !== 'throttled' || reply.cause === 'quota') return
    this.#lastCause = reply.cause
    this.#pacer.holdUntil(now + Math.min(longestAdvice, advice(reply)))
    if (reply.cause === 'tokens') this.#holdForTokens(sentAt, now)
    else if (reply.cause === 'burst') this.#restart(sentAt, now)
    else this.#rate.cut(sentAt, now)
  }

  #holdForTokens(sentAt: Millis, now: Millis): void {
    if (sentAt <= this.#heldAt) return
    this.#heldAt = now
    this.#pacer.holdUntil(now + (this.#tokenPause * (1 + this.#random.next())) / 2)
    this.#tokenPause = Math.min(tokenPause.longest, 2 * this.#tokenPause)
  }

  #restart(sentAt: Millis, now: Millis): void {
    if (!this.#rate.cut(sentAt, now, burstFactor)) return
    this.#pacer.holdUntil(now + burstPause.least + this.#random.next() * burstPause.spread)
    this.#rate.startMoreSlowly()
  }

  state(): Inspection {
    const { perSecond, isSlowStart } = this.#rate
    return { perSecond, isSlowStart, lastCause: this.#lastCause, heldUntil: this.#pacer.due }
  }
}
