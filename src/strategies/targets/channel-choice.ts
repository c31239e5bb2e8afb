import type { Call } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { OnEnd, SendGate } from '../pacing/gate.ts'
import type { Channel } from './channel.ts'

/** Decides between channels. */
export interface ChannelLaw {
  /** Is told of each call before its first attempt. Default: it does not depend on when a call began. */
  begin?(call: Call, now: Millis): void
  /** Returns the earliest instant at which the call may go over one of the channels. */
  opensAt(call: Call, now: Millis, channels: readonly Channel[]): Millis
  /** Returns the channel over which the call goes, one of those that are open. */
  choose(call: Call, now: Millis, open: readonly Channel[]): Channel
}

/** Lets a call through over one of several channels, and knows over which. Channels whose free quota is used up come last of all. */
export class ChannelChoice implements SendGate {
  readonly #channels: readonly Channel[]
  readonly #law: ChannelLaw
  /** The channels over which calls have passed last. */
  readonly #chosen = new WeakMap<Call, Channel>()

  constructor(channels: readonly Channel[], law: ChannelLaw) {
    this.#channels = channels
    this.#law = law
  }

  /** The channels that may still answer. When none may, all are returned, so that the provider's own refusal reaches the caller. */
  #usable(): readonly Channel[] {
    const usable = this.#channels.filter(({ isSpent }) => !isSpent)
    return usable.length > 0 ? usable : this.#channels
  }

  begin(call: Call, now: Millis): void {
    this.#law.begin?.(call, now)
  }

  opensAt(call: Call, now: Millis): Millis {
    return this.#law.opensAt(call, now, this.#usable())
  }

  pass(call: Call, now: Millis, planned: Millis): OnEnd {
    const open = this.#usable().filter((channel) => channel.opensAt(call, now) <= now)
    const channel = this.#law.choose(call, now, open)
    this.#chosen.set(call, channel)
    return channel.pass(call, now, planned)
  }

  /** Returns the call, which has passed, with the target of its channel. */
  addressed(call: Call): Call {
    return { ...call, target: { ...call.target, ...this.#chosen.get(call)?.change } }
  }

  /** Whether the free quota of every channel is used up. */
  get isSpent(): boolean {
    return this.#channels.every(({ isSpent }) => isSpent)
  }
}

/** Returns the earliest instant at which one of the channels is open for the call. */
export function earliest(call: Call, now: Millis, channels: readonly Channel[]): Millis {
  let at = Infinity
  for (const channel of channels) at = Math.min(at, channel.opensAt(call, now))
  return at
}
