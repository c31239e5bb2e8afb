import { expectNumber } from '../../src/core/expect.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { guest } from './guest.ts'
import { library } from './library.ts'

/** The options of `guestPLimit`. */
export interface GuestPLimitOptions {
  /** The most calls under way. Whole, >= 1. */
  readonly concurrency: number
}

/** p-limit itself, around each call. Throws an `OptionError` for a wrong option. */
export function guestPLimit({ concurrency }: GuestPLimitOptions): Strategy {
  expectNumber('concurrency', concurrency, { atLeast: 1, whole: true })
  const { default: pLimit } = library<typeof import('p-limit')>('p-limit')
  return guest(`p-limit(${concurrency})`, () => pLimit(concurrency))
}
