import type { Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Inspection, Strategy } from '../../core/strategy.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { fullJitter } from '../retry/jitter.ts'
import { advice } from '../retry/transient.ts'
import { ConcurrencyLimit, expectConcurrencyBounds } from './concurrency-limit.ts'
import { controlled } from './controller.ts'

/** The options of `dataDesigner`. */
export interface DataDesignerOptions extends WaitingOptions {
  /** The attempts in flight at the start, and the greatest limit. Whole, >= 1. Default 64. */
  readonly most?: number
}

/** The factor of a cut, and the answers in a row after which 1 is added. */
const factor = 0.75
const streak = 25

/** Nothing is sent so long after a 429 without advice, in milliseconds. */
const cooldown: Millis = 2000

/** How far growth goes above the ceiling: 10 % of it, and 1 at least. */
const overshoot = 0.1

/**
 * The adaptive concurrency of NeMo Data Designer (`throttle_manager.py` at 25d53b6). It starts at its greatest limit. The first of several
 * 429s in a row multiplies the limit by 0.75, rounded down; each of them stops all sending for 2 s, or as long as the provider advises. 25
 * answers in a row add 1. The ceiling is the least limit at which such a cut was made, and growth ends max(1, 10 %) above it. A retry
 * waits with full jitter from 1 s to 60 s, until the call's deadline. Throws an `OptionError` for a wrong option.
 */
export function dataDesigner({ most = 64, ...lineOptions }: DataDesignerOptions = {}): Strategy {
  expectConcurrencyBounds({ start: most, least: 1, most })
  return {
    name: `dataDesigner(${most}${lineName(lineOptions)})`,
    wrap: (next, env) =>
      controlled('dataDesigner', new DataDesigner(most), next, env, lineOptions, fullJitter(env.random)),
  }
}

class DataDesigner extends ConcurrencyLimit {
  #ceiling = Infinity
  #answers = 0
  #isThrottled = false
  #restsUntil: Millis = -Infinity

  constructor(most: number) {
    super({ start: most, least: 1, most })
  }

  override opensAt(now: Millis): Millis {
    return Math.max(super.opensAt(now), this.#restsUntil)
  }

  learn(reply: Reply, _sentAt: Millis, now: Millis): void {
    if (reply.kind === 'throttled') this.#throttled(advice(reply), now)
    else {
      this.#isThrottled = false
      if (reply.kind === 'ok') this.#answered()
    }
  }

  #throttled(advised: Millis, now: Millis): void {
    this.#restsUntil = now + (advised || cooldown)
    this.#answers = 0
    if (this.#isThrottled) return
    this.#isThrottled = true
    const before = this.limit
    this.limit = Math.floor(factor * before)
    if (this.limit < before) this.#ceiling = Math.min(this.#ceiling, before)
  }

  #answered(): void {
    this.#answers++
    if (this.#answers < streak) return
    this.#answers = 0
    const most = this.#ceiling + Math.max(1, Math.floor(overshoot * this.#ceiling))
    if (this.limit < most) this.limit++
  }

  override state(): Inspection {
    return { ...super.state(), ceiling: this.#ceiling, restsUntil: this.#restsUntil }
  }
}
