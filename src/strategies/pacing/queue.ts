import type { Strategy } from '../../core/strategy.ts'
import { expectRate } from '../bounds.ts'
import { expired, mayBeSent } from '../wait.ts'
import { Slots } from './slots.ts'

/** The options of `queue`. */
export interface QueueOptions {
  /** Requests per minute. >= 6e-5. */
  readonly rpm: number
}

/**
 * The article's queue without its race: a call takes its slot before it waits for it, so that the next call sees it taken.
 * Nothing is retried. The slot of an aborted call stays empty, since the calls behind it have taken theirs; `pace`, which decides
 * only when a slot has come, has no such gaps. A call whose slot would come at or after its deadline takes none. For the same reason a
 * call that can hardly be answered any more is sent all the same, as in the article: nobody could use its slot. Throws an `OptionError` for
 * a wrong option.
 */
export function queue({ rpm }: QueueOptions): Strategy {
  expectRate('rpm', rpm, 60_000)
  return {
    name: `queue(${rpm}/min)`,
    wrap: (next, { clock }) => {
      const slots = new Slots(rpm, 60_000)
      return async function queue(call) {
        const now = clock.now()
        const wait = Math.ceil(slots.next - now)
        if (wait > 0 && now + wait >= call.deadline) return expired
        slots.take(now)
        if (wait > 0) {
          await clock.sleep(wait, call.signal)
          if (!mayBeSent(call, clock.now())) return expired
        }
        return next(call)
      }
    },
  }
}
