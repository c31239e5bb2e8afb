import { expectNumber } from '../../src/core/expect.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { guest } from './guest.ts'
import { library } from './library.ts'

/** The options of `guestPQueue`, which are p-queue's own. */
export interface GuestPQueueOptions {
  /** The most calls that start in an interval. Whole, >= 1. */
  readonly intervalCap: number
  /** In milliseconds. Whole, >= 1, at most the longest timer of the platform, 2,147,483,647. */
  readonly interval: number
  /** Whether any interval counts, and not only those that follow each other. Default false. */
  readonly strict?: boolean
}

/** p-queue itself: one queue, to which each call is added. Throws an `OptionError` for a wrong option. */
export function guestPQueue(options: GuestPQueueOptions): Strategy {
  expectNumber('intervalCap', options.intervalCap, { atLeast: 1, whole: true })
  expectNumber('interval', options.interval, { atLeast: 1, atMost: 2 ** 31 - 1, whole: true })
  const { default: PQueue } = library<typeof import('p-queue')>('p-queue')
  return guest(`p-queue(${JSON.stringify(options)})`, () => {
    const queue = new PQueue(options)
    return (attempt, signal) => queue.add(attempt, { signal })
  })
}
