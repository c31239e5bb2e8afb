import { expectNumber } from '../../src/core/expect.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { guest } from './guest.ts'
import { library } from './library.ts'

/** The options of `guestBottleneck`, which are Bottleneck's own. Each is whole and >= 1; times are in milliseconds. */
export interface GuestBottleneckOptions {
  /** The least time between the starts of two calls. Default 0. */
  readonly minTime?: number
  /** The calls that may start until the reservoir is filled again. Default: any number. */
  readonly reservoir?: number
  readonly reservoirRefreshAmount?: number
  readonly reservoirRefreshInterval?: number
}

/** Bottleneck itself: one limiter, in which each call is scheduled. Throws an `OptionError` for a wrong option. */
export function guestBottleneck(options: GuestBottleneckOptions): Strategy {
  for (const [name, value] of Object.entries(options)) expectNumber(name, value, { atLeast: 1, whole: true })
  const Bottleneck = library<typeof import('bottleneck').default>('bottleneck')
  return guest(`bottleneck(${JSON.stringify(options)})`, () => {
    const limiter = new Bottleneck(options)
    return (attempt) => limiter.schedule(attempt)
  })
}
