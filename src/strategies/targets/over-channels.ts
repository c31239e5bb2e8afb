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
    let last: Reply = expired
    for (let made = 0; made < attempts; made++) {
      // The choice knows an attempt by its object, and two attempts at one call may be under way around a hedge.
      const reply = await send({ ...call })
      if (reply === expired) return last
      last = reply
      if (reply.kind !== 'throttled' || choice.isSpent) break
    }
    return last
  }
}
