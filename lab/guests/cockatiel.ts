import { expectNumber } from '../../src/core/expect.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { breakerIsOpen } from '../../src/strategies/targets/breaker.ts'
import { guest, mayTryAgain, notOk } from './guest.ts'
import { library } from './library.ts'

/** The options of `guestCockatiel`. */
export interface GuestCockatielOptions {
  /** The most retries. Whole, >= 0. Default 10. */
  readonly retries?: number
}

/**
 * cockatiel's retry itself, with its exponential backoff: decorrelated jitter of the second version, from 128 ms to 30 s. Throws an
 * `OptionError` for a wrong option.
 */
export function guestCockatiel({ retries = 10 }: GuestCockatielOptions = {}): Strategy {
  expectNumber('retries', retries, { atLeast: 0, whole: true })
  const { retry, handleWhen, ExponentialBackoff } = library<typeof import('cockatiel')>('cockatiel')
  return guest(`cockatiel.retry(${retries})`, () => {
    const policy = retry(handleWhen(mayTryAgain), { maxAttempts: retries, backoff: new ExponentialBackoff() })
    return (attempt, signal) => policy.execute(attempt, signal)
  })
}

/** cockatiel's breaker itself: it opens for 10 s when more than half of the attempts of the last 30 s fail. */
export function guestCockatielBreaker(): Strategy {
  const { circuitBreaker, handleWhen, SamplingBreaker, isBrokenCircuitError } =
    library<typeof import('cockatiel')>('cockatiel')
  return guest('cockatiel.circuitBreaker(0.5 of 30 s, 10 s)', () => {
    const breaker = new SamplingBreaker({ threshold: 0.5, duration: 30_000 })
    const policy = circuitBreaker(handleWhen(mayTryAgain), { halfOpenAfter: 10_000, breaker })
    return (attempt, signal) =>
      policy.execute(attempt, signal).catch((error) => {
        throw isBrokenCircuitError(error) ? notOk(breakerIsOpen) : error
      })
  })
}
