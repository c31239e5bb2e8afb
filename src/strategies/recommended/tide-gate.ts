import type { Call } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Limit } from '../../core/limit.ts'
import type { Random } from '../../core/random.ts'
import type { Inspection } from '../../core/strategy.ts'
import type { OnEnd, SendGate } from '../pacing/gate.ts'
import { AccountMirror } from './account-mirror.ts'
import { SteeredGate } from './steer.ts'

/** How long it shares when it doubts its limits for the first time; twice as long each time after that, up to so many times. */
const firstSharing: Millis = 600_000
const doublings = 5

/** The rate at which it begins to share is that of the admissions of so much time, and no less than this. */
const lately: Millis = 10_000
const leastPerSecond = 0.1

/**
 * The gate of `tide`: it keeps to the limits that its mirror of the account has learned (`account-mirror.ts`). When these do not explain denials any
 * more (`doubt.ts`), it shares the account with whatever else there is (`steer.ts`), and begins to learn anew some time later.
 */
export class TideGate implements SendGate {
  readonly #random: Random
  readonly #told: readonly Limit[]
  #mirror: AccountMirror
  /** Shares until `#until`; undefined while the mirror decides. */
  #sharing: SteeredGate | undefined
  #until: Millis = 0
  #doubts = 0

  constructor(random: Random, told: readonly Limit[]) {
    this.#random = random
    this.#told = told
    this.#mirror = new AccountMirror(told)
  }

  opensAt(call: Call, now: Millis): Millis {
    if (this.#sharing && now >= this.#until) {
      this.#sharing = undefined
      this.#mirror = new AccountMirror(this.#told)
    }
    return this.#sharing ? this.#sharing.opensAt() : this.#mirror.opensAt(call, now)
  }

  pass(call: Call, now: Millis): OnEnd {
    if (this.#sharing) return this.#sharing.pass(call, now)
    const mirror = this.#mirror
    const end = mirror.pass(call, now)
    return (reply, endedAt) => {
      end(reply, endedAt)
      if (!this.#sharing && mirror === this.#mirror && mirror.doubt.isDeep) this.#share(endedAt)
    }
  }

  inspect(): Inspection {
    return { isSharing: this.#sharing !== undefined, ...(this.#sharing ?? this.#mirror).inspect() }
  }

  #share(now: Millis): void {
    this.#sharing = new SteeredGate(this.#random)
    this.#sharing.restart(Math.max(leastPerSecond, this.#mirror.perSecond(lately, now)), now)
    this.#until = now + firstSharing * 2 ** Math.min(doublings, this.#doubts++)
  }
}
