import type { Call } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Limit } from '../../core/limit.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectLimits, expectList, longestWait } from '../bounds.ts'
import { openGate } from '../pacing/gate.ts'
import { type GatedLineOptions, gatedLineName } from '../pacing/gated-line.ts'
import { mirrorGate } from '../pacing/mirror-gate.ts'
import { Channel } from './channel.ts'
import { ChannelChoice, type ChannelLaw, earliest } from './channel-choice.ts'
import { overChannels } from './over-channels.ts'

/** The options of `fallback`. */
export interface FallbackOptions extends GatedLineOptions {
  /** The models, the best one first. At least one. */
  readonly models: readonly string[]
  /** The limits of models that the client is told, by the model. Default: it knows none, and a model rests only after a 429. */
  readonly limits?: Readonly<Record<string, readonly Limit[]>>
  /** How long a call waits for the best model, in milliseconds from its start. Whole, >= 0, <= 1e12. Default 5000. */
  readonly wait?: Millis
  /** How long a model rests after a 429, if no advice is longer, in milliseconds. Whole, > 0, <= 1e12. Default 5000. */
  readonly cooldown?: Millis
  /** The most attempts at a call, over all models, the first included. Whole, >= 1. Default: 10 for each model. */
  readonly attempts?: number
}

/**
 * Sends a call to the best model as long as that opens within `wait` of the call's start, and otherwise to the next one that is open. A model that
 * denies rests; then one call finds out whether it admits again, so that answers do not remain worse than they have to be. When no model is
 * open, calls wait in line. Throws an `OptionError` for a wrong option.
 */
export function fallback({
  models,
  limits = {},
  wait = 5000,
  cooldown = 5000,
  attempts,
  ...lineOptions
}: FallbackOptions): Strategy {
  const chain = expectList('models', models)
  expectNumber('wait', wait, { atLeast: 0, atMost: longestWait, whole: true })
  expectNumber('cooldown', cooldown, { above: 0, atMost: longestWait, whole: true })
  const most = attempts ?? 10 * chain.length
  expectNumber('attempts', most, { atLeast: 1, whole: true })
  const told = Object.entries(limits).map(([model, own]) => [model, expectLimits(`limits.${model}`, own)] as const)
  return {
    name: `fallback(${chain.join(' → ')}, ${most}, wait ${wait} ms, rest ${cooldown} ms${gatedLineName(lineOptions)})`,
    wrap(next, env) {
      const known = new Map(told)
      const channels = chain.map((model) => {
        const own = known.get(model)
        return new Channel({ model }, { cooldown, probes: true }, own ? mirrorGate(own) : openGate)
      })
      return overChannels(next, env, new ChannelChoice(channels, bestFirst(wait)), { attempts: most, ...lineOptions })
    },
  }
}

/** Takes the first channel that is open. A call waits for the very first one if that opens within `wait` of the call's beginning. */
function bestFirst(wait: Millis): ChannelLaw {
  const begun = new WeakMap<Call, Millis>()
  return {
    begin: (call, now) => begun.set(call, now),
    opensAt(call, now, channels) {
      const best = channels[0]!.opensAt(call, now)
      return best <= Math.max(now, begun.get(call)! + wait) ? best : earliest(call, now, channels)
    },
    choose: (_call, _now, open) => open[0]!,
  }
}
