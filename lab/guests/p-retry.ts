import { expectNumber } from '../../src/core/expect.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { guest, mayTryAgain } from './guest.ts'
import { library } from './library.ts'

/** The options of `guestPRetry`, with the library's defaults. */
export interface GuestPRetryOptions {
  /** The most retries. Whole, >= 0. Default 10. */
  readonly retries?: number
  /** Whether each wait is multiplied by a draw from [1, 2). Default false. */
  readonly randomize?: boolean
  /** The longest wait, in milliseconds. Whole, >= 1. Default: none. */
  readonly maxTimeout?: number
}

/**
 * p-retry itself, around each call. Only its `shouldRetry` is ours: it gives up where a retry cannot help. Throws an `OptionError` for a
 * wrong option.
 */
export function guestPRetry(options: GuestPRetryOptions = {}): Strategy {
  const { retries = 10, maxTimeout } = options
  expectNumber('retries', retries, { atLeast: 0, whole: true })
  if (maxTimeout !== undefined) expectNumber('maxTimeout', maxTimeout, { atLeast: 1, whole: true })
  const { default: pRetry } = library<typeof import('p-retry')>('p-retry')
  return guest(`p-retry(${JSON.stringify(options)})`, () => {
    const shouldRetry = ({ error }: { error: Error }) => mayTryAgain(error)
    return (attempt, signal) => pRetry(attempt, { ...options, signal, shouldRetry })
  })
}
