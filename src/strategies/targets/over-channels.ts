import type { Reply, Send } from '../../core/call.ts'
import type { Env } from '../../core/strategy.ts'
import { type GatedLineOptions, gatedLine } from '../pacing/gated-line.ts'
import { expired } from '../wait.ts'
import type { ChannelChoice } from './channel-choice.ts'

/** Sends each call over the channels, in line with the others, until an attempt is not throttled or `attempts` are made. */
export function overChannels(
  next: Send,
  env: Env,
  choice: ChannelChoice,
  { attempts, ...lineOptions }: GatedLineOptions & { readonly attempts: number },
): Send {
  const send = gatedLine((call) => next(choice.addressed(call)), env, choice, lineOptions)
  return async (call) => {
    // The law and the choice know a call by its object, and around a hedge two attempts at one call are under way.
    const own = { ...call }
    choice.begin(own, env.clock.now())
    let last: Reply = expired
    for (let made = 0; made < attempts; made++) {
      const reply = await send(own)
      if (reply === expired) return last
      last = reply
      if (reply.kind !== 'throttled' || choice.isSpent) break
    }
    return last
  }
}
