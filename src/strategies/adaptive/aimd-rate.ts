import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import { expectRate } from '../bounds.ts'

/** The greatest rate, in attempts a second: a thousand in a millisecond, which no client sends. */
const mostPerSecond = 1e6

/** The constants of a rate that grows additively and falls multiplicatively. */
export interface AimdRateOptions {
  /** The rate at the start, in attempts a second. >= 1e-6. Default 1. */
  readonly start?: number
  /** The time in which the rate doubles during slow start, in milliseconds. > 0. Default 4000. */
  readonly doubling?: Millis
  /** The growth after slow start, a second, as a share of the rate before the last cut. >= 0, <= 1e6. Default 0.01. */
  readonly increase?: number
  /** The factor of a cut. > 0, <= 1. Default 0.9. */
  readonly decrease?: number
  /** The least rate, in attempts a second. >= 1e-6, <= `start`. Default 0.1, or `start` if that is less. */
  readonly floor?: number
}

/** The constants, with the defaults filled in. */
export type AimdConstants = Required<AimdRateOptions>

/** Fills in the defaults. Throws an `OptionError` for a wrong constant. */
export function aimdConstants({
  start = 1,
  doubling = 4000,
  increase = 0.01,
  decrease = 0.9,
  floor = Math.min(0.1, start),
}: AimdRateOptions): AimdConstants {
  expectRate('start', start, 1000)
  expectNumber('doubling', doubling, { above: 0 })
  expectNumber('increase', increase, { atLeast: 0, atMost: 1e6 })
  expectNumber('decrease', decrease, { above: 0, atMost: 1 })
  expectRate('floor', floor, 1000)
  expectNumber('floor', floor, { atMost: start })
  return { start, doubling, increase, decrease, floor }
}

/** The constants as a strategy's name shows them. */
export function aimdRateName({ start, doubling, increase, decrease, floor }: AimdConstants): string {
  return `${start}/s, x2 in ${doubling} ms, +${increase}/s, x${decrease}, >= ${floor}/s`
}

/**
 * The rate of AIMD. In slow start it doubles every `doubling` ms; after the first cut it grows by `increase` · (rate before the last
 * cut) each second. It grows only while attempts are sent, since idle time proves nothing: a pause counts as two intervals at most.
 */
export class AimdRate {
  readonly #constants: AimdConstants
  #perSecond: number
  #doubling: Millis
  #isSlowStart = true
  /** The rate before the last cut. */
  #reference = 0
  #cutAt: Millis = -Infinity
  #sentAt: Millis | undefined

  constructor(constants: AimdConstants) {
    this.#constants = constants
    this.#perSecond = constants.start
    this.#doubling = constants.doubling
  }

  get perSecond(): number {
    return this.#perSecond
  }

  get isSlowStart(): boolean {
    return this.#isSlowStart
  }

  /** Tells for when an attempt that is sent was planned: the rate has grown since the one before. */
  sent(planned: Millis): void {
    const passed = Math.min(planned - (this.#sentAt ?? planned), 2000 / this.#perSecond)
    this.#sentAt = planned
    const grown = this.#isSlowStart
      ? this.#perSecond * 2 ** (passed / this.#doubling)
      : this.#perSecond + (this.#constants.increase * this.#reference * passed) / 1000
    this.#perSecond = Math.min(mostPerSecond, grown)
  }

  /**
   * Cuts the rate after the denial of an attempt that was sent at `sentAt`, and ends slow start. Of a flight only one denial cuts: one
   * that was sent before the last cut says nothing new. Returns whether it cut.
   */
  cut(sentAt: Millis, now: Millis, factor = this.#constants.decrease): boolean {
    if (sentAt <= this.#cutAt) return false
    this.#cutAt = now
    this.#reference = this.#perSecond
    this.#perSecond = Math.max(this.#constants.floor, this.#perSecond * factor)
    this.#isSlowStart = false
    return true
  }

  /** Begins slow start again, from the present rate and half as fast as the first time. */
  startMoreSlowly(): void {
    this.#isSlowStart = true
    this.#doubling = 2 * this.#constants.doubling
  }
}
