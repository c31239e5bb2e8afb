import type { Millis } from '../../core/clock.ts'

/**
 * Whether something that can fail may be used. After it was closed it rests. Then one call, the probe, finds out whether it works again: only
 * when the probe is answered is it open to all. (A breaker's states: closed means open to calls there, and half-open that a probe is out.)
 */
export class HalfOpen {
  #restsUntil: Millis | undefined
  #isProbed = false

  get isResting(): boolean {
    return this.#restsUntil !== undefined
  }

  /** Returns the earliest instant at which a call may use it. `Infinity`: not before the probe that is out has ended. */
  get opensAt(): Millis {
    if (this.#restsUntil === undefined) return -Infinity
    return this.#isProbed ? Infinity : this.#restsUntil
  }

  /** Lets a call through at `now`. Returns whether it is the probe. */
  pass(): boolean {
    this.#isProbed = this.isResting
    return this.#isProbed
  }

  /** Closes it until this instant, or later if it rests already. */
  rest(until: Millis): void {
    this.#restsUntil = Math.max(until, this.#restsUntil ?? until)
  }

  /** Takes note that the probe has ended. If it `worked`, all calls may follow; otherwise the next one is a probe again. */
  probed(worked: boolean): void {
    this.#isProbed = false
    if (worked) this.#restsUntil = undefined
  }
}
