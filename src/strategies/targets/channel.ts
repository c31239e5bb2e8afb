import type { Call, Target } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { OnEnd, SendGate } from '../pacing/gate.ts'
import { advice } from '../retry/transient.ts'
import { HalfOpen } from './half-open.ts'

/** How a channel comes back after a 429. */
export interface ChannelRest {
  /** How long it rests if no advice is longer, in milliseconds. */
  readonly cooldown: Millis
  /** Whether one call then finds out whether it admits again, before the others follow. The others go elsewhere until that call is answered. */
  readonly probes: boolean
}

/** One of several ways to the provider: a key or a model. After a 429 it rests. */
export class Channel implements SendGate {
  /** What a call that goes this way has instead of its own target's key or model. */
  readonly change: Partial<Target>
  readonly #rest: ChannelRest
  readonly #own: SendGate
  readonly #use = new HalfOpen()
  #inFlight = 0
  #isSpent = false
  #sentInMinute = 0
  #minute = 0

  /** `own` is what the client knows of the channel's limits. */
  constructor(change: Partial<Target>, rest: ChannelRest, own: SendGate) {
    this.change = change
    this.#rest = rest
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
    return Math.max(this.#own.opensAt(call, now), this.#use.opensAt)
  }

  pass(call: Call, now: Millis, planned: Millis): OnEnd {
    const ownEnd = this.#own.pass(call, now, planned)
    const isProbe = this.#rest.probes && this.#use.pass()
    this.#sentInMinute = this.sentInMinute(now) + 1
    this.#minute = Math.floor(now / 60_000)
    this.#inFlight++
    return (reply, end) => {
      this.#inFlight--
      ownEnd(reply, end)
      if (isProbe) this.#use.probed(reply?.kind === 'ok')
      if (reply?.kind !== 'throttled') return
      if (reply.cause === 'quota') this.#isSpent = true
      this.#use.rest(end + Math.max(this.#rest.cooldown, advice(reply)))
    }
  }
}
