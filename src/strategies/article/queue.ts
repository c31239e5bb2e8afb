import type { Strategy } from '../../core/strategy.ts'
import { expectRate } from '../bounds.ts'
import { expired, mayBeSent } from '../wait.ts'

export interface ArticleQueueOptions {
  /** Requests a minute. >= 6e-5. Default 60. */
  readonly rpm?: number
}

/**
 * The article's solution 2, "request queue", as printed (`RequestQueue`), with its race: `last` is read before the wait
 * and written after it. Calls that arrive while another waits all read the same old `last`, wait for the same instant,
 * and leave together. It smooths a sequence, never a crowd. `queue` has the fix.
 *
 * The print starts `last` at the Unix epoch, a time long past; -Infinity is that for any clock.
 */
export function articleQueue({ rpm = 60 }: ArticleQueueOptions = {}): Strategy {
  expectRate('rpm', rpm, 60_000)
  const interval = 60_000 / rpm
  return {
    name: `articleQueue(${rpm}/min)`,
    wrap: (next, { clock }) => {
      let last = -Infinity
      return async function articleQueue(call) {
        const wait = interval - (clock.now() - last)
        if (wait > 0) {
          await clock.sleep(Math.ceil(wait), call.signal)
          if (!mayBeSent(call, clock.now())) return expired
        }
        last = clock.now()
        return next(call)
      }
    },
  }
}
