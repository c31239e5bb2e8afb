import type { Call } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { expectNumber, expectOneOf } from '../../core/expect.ts'
import type { Limit } from '../../core/limit.ts'
import type { Random } from '../../core/random.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectLimits, expectList, longestWait } from '../bounds.ts'
import { openGate } from '../pacing/gate.ts'
import { type GatedLineOptions, gatedLineName } from '../pacing/gated-line.ts'
import { mirrorGate } from '../pacing/mirror-gate.ts'
import { Channel } from './channel.ts'
import { ChannelChoice, type ChannelLaw, earliest } from './channel-choice.ts'
import { overChannels } from './over-channels.ts'

/**
 * Which of the keys that are open is next: the following one, any, the one with the fewest calls in flight, or the one with the fewest calls
 * in this clock minute (LiteLLM's usage-based routing).
 */
export type KeyChoice = 'turn' | 'random' | 'least-busy' | 'least-used'

/** The options of `quotaRotation`. */
export interface QuotaRotationOptions extends GatedLineOptions {
  /** The API keys. At least one. Keys of one account share its limits and gain nothing: only keys of different accounts add quota. */
  readonly keys: readonly string[]
  /** The limits of each key's account that the client is told. Default: it knows none, and a key rests only after a 429. */
  readonly limits?: readonly Limit[]
  /** How long a key rests after a 429, if no advice is longer, in milliseconds. Whole, > 0, <= 1e12. Default 1000. */
  readonly cooldown?: Millis
  /** Default `turn`. */
  readonly choose?: KeyChoice
  /** The most attempts at a call, over all keys, the first included. Whole, >= 1. Default: 10 for each key. */
  readonly attempts?: number
}

/**
 * Rotation that knows the quota. Each key has its own mirror of the windows, and a key that denies rests; a call goes over a key that is open,
 * and waits in line when none is. Every call is counted when it is sent, so that callers who come together do not all choose the same key.
 * Throws an `OptionError` for a wrong option; the message does not quote the keys.
 *
 * Terms of service: to use several accounts to get round a limit can breach a provider's terms. The laboratory measures this; it does not
 * advise it.
 */
export function quotaRotation({
  keys,
  limits,
  cooldown = 1000,
  choose = 'turn',
  attempts,
  ...lineOptions
}: QuotaRotationOptions): Strategy {
  const ring = expectList('keys', keys)
  const told = limits && expectLimits('limits', limits)
  expectNumber('cooldown', cooldown, { above: 0, atMost: longestWait, whole: true })
  expectOneOf('choose', choose, Object.keys(keyLaws) as KeyChoice[])
  const most = attempts ?? 10 * ring.length
  expectNumber('attempts', most, { atLeast: 1, whole: true })
  return {
    name: `quotaRotation(${ring.length} keys, ${most}, ${choose}${told ? '' : ', untold'}, rest ${cooldown} ms${gatedLineName(lineOptions)})`,
    wrap(next, env) {
      const channels = ring.map(
        (key) => new Channel({ key }, { cooldown, probes: false }, told ? mirrorGate(told) : openGate),
      )
      const choice = new ChannelChoice(channels, keyLaws[choose](env.random))
      return overChannels(next, env, choice, { attempts: most, ...lineOptions })
    },
  }
}

const keyLaws: Readonly<Record<KeyChoice, (random: Random) => ChannelLaw>> = {
  turn: () => {
    // The channels by the time of their last call, the longest unused first.
    const order: Channel[] = []
    return keyLaw((open) => {
      const next = open.find((channel) => !order.includes(channel)) ?? order.find((channel) => open.includes(channel))!
      if (order.includes(next)) order.splice(order.indexOf(next), 1)
      order.push(next)
      return next
    })
  },
  random: (random) => keyLaw((open) => open[Math.floor(random.next() * open.length)]!),
  'least-busy': () => keyLaw((open) => least(open, ({ inFlight }) => inFlight)),
  'least-used': () => keyLaw((open, _call, now) => least(open, (channel) => channel.sentInMinute(now))),
}

function keyLaw(choose: (open: readonly Channel[], call: Call, now: Millis) => Channel): ChannelLaw {
  return { opensAt: earliest, choose: (call, now, open) => choose(open, call, now) }
}

function least(channels: readonly Channel[], figure: (channel: Channel) => number): Channel {
  return channels.reduce((best, each) => (figure(each) < figure(best) ? each : best))
}
