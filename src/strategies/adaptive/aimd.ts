import type { Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Inspection, Strategy } from '../../core/strategy.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { type AimdConstants, AimdRate, type AimdRateOptions, aimdConstants, aimdRateName } from './aimd-rate.ts'
import { type Controller, controlled } from './controller.ts'
import { Pacer } from './pacer.ts'

/** The options of `aimd`. */
export interface AimdOptions extends AimdRateOptions, WaitingOptions {}

/**
 * Additive increase, multiplicative decrease of a rate (Chiu and Jain 1989; `AimdRate` has the formulas), told no limit. Attempts are
 * spaced evenly and decided only when they are due, retries first. A 429 of any cause cuts the rate, one of each flight. A call is
 * tried until its deadline. Throws an `OptionError` for a wrong option.
 */
export function aimd(options: AimdOptions = {}): Strategy {
  const constants = aimdConstants(options)
  return {
    name: `aimd(${aimdRateName(constants)}${lineName(options)})`,
    wrap: (next, env) => controlled('aimd', new Aimd(constants), next, env, options),
  }
}

class Aimd implements Controller {
  readonly #rate: AimdRate
  readonly #pacer = new Pacer()

  constructor(constants: AimdConstants) {
    this.#rate = new AimdRate(constants)
  }

  opensAt(): Millis {
    return this.#pacer.due
  }

  sent(_now: Millis, planned: Millis): void {
    this.#rate.sent(planned)
    this.#pacer.take(planned, this.#rate.perSecond)
  }

  learn(reply: Reply, sentAt: Millis, now: Millis): void {
    if (reply.kind === 'throttled') this.#rate.cut(sentAt, now)
  }

  state(): Inspection {
    return { perSecond: this.#rate.perSecond, isSlowStart: this.#rate.isSlowStart }
  }
}
