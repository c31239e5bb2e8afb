import type { Strategy } from '../../core/strategy.ts'
import { expectRate } from '../bounds.ts'
import { expired, mayBeSent } from '../wait.ts'

/** The options of `articleQueue`. */
export interface ArticleQueueOptions {
  /** Requests per minute. >= 6e-5. Default 60, as printed. */
  readonly rpm?: number
}

/**
 * The article's solution 2, "request queue", as printed (`RequestQueue`), with its race: `last` is read before the wait and written
 * after it. Calls that arrive while another one waits read the same old `last`, wait for the same instant, and leave together. So it
 * spaces calls that come one after the other, but not calls that come at once. `queue` has no such race. Throws an `OptionError`
 * for a wrong option.
 *
 * The print starts `last` at the Unix epoch, which is long past. `-Infinity` is long past by any clock.
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
