import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'

/** The options of `serverWait`. */
export interface ServerWaitOptions {
  /** How long the provider may hold a call, in milliseconds. Whole, >= 0, <= 120,000. Default 30,000. */
  readonly wait?: Millis
}

/**
 * Lets the provider hold a call that its burst guard denies, in place of a 429: the header `X-DashScope-Wait-Timeout`, which Alibaba names as
 * the first choice against `limit_burst_rate` ("Best practices for handling rate limiting"). Other limits deny as before. The header has whole
 * seconds, and asks for no more than are left until the deadline. Throws an `OptionError` for a wrong option.
 */
export function serverWait({ wait = 30_000 }: ServerWaitOptions = {}): Strategy {
  expectNumber('wait', wait, { atLeast: 0, atMost: 120_000, whole: true })
  return {
    name: `serverWait(${wait} ms)`,
    wrap: (next, { clock }) =>
      async function serverWait(call) {
        const left = Math.max(0, Math.min(wait, call.deadline - clock.now()))
        return next({ ...call, serverWait: 1000 * Math.floor(left / 1000) })
      },
  }
}
