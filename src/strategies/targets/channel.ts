import type { Call, Target } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { OnEnd, SendGate } from '../pacing/gate.ts'
import { HalfOpen } from './half-open.ts'

/** One of several ways to the provider: a key or a model. After a 429 it rests, and then one call finds out whether it works again. */
export class Channel implements SendGate {
  /** What a call that goes this way has instead of its own target's key or model. */
  readonly change: Partial<Target>
  readonly #cooldown: Millis
  readonly #own: SendGate
  readonly #use = new HalfOpen()
  #inFlight = 0
  #isSpent = false
  #sentInMinute = 0
  #minute = 0

  /** `own` is what the client knows of the channel's limits. `cooldown` is how long it rests after a 429, in milliseconds. */
  constructor(change: Partial<Target>, cooldown: Millis, own: SendGate) {
    this.change = change
    this.#cooldown = cooldown
    this.#own = own
  }

  /** The number of calls that are under way. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether its free quota is used up, which no wait changes. */
  get isSpent(): boolean {
    return this.#isSpent
  }

  /** The number of calls sent in the clock minute of `now`. */
  sentInMinute(now: Millis): number {
    return Math.floor(now / 60_000) === this.#minute ? this.#sentInMinute : 0
  }

  opensAt(call: Call, now: Millis): Millis {
    return Math.max(this.#own.opensAt(call, now), this.#use.opensAt(now))
  }

  pass(call: Call, now: Millis): OnEnd {
    const ownEnd = this.#own.pass(call, now)
    const isProbe = this.#use.pass()
    this.#sentInMinute = this.sentInMinute(now) + 1
    this.#minute = Math.floor(now / 60_000)
    this.#inFlight++
    return (reply, end) => {
      this.#inFlight--
      ownEnd(reply, end)
      if (isProbe) this.#use.probed(reply?.kind === 'ok')
      if (reply?.kind !== 'throttled') return
      if (reply.cause === 'quota') this.#isSpent = true
      this.#use.rest(end + Math.max(this.#cooldown, reply.retryAfter ?? 0))
    }
  }
}
