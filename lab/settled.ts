import type { Millis } from '../src/core/clock.ts'

/** How long a user's file may load in real time: one minute. It may ask the network or start something else that takes a while. */
const mostLoading: Millis = 60_000

/**
 * Settles as an import does. Rejects with `error` when the process has nothing left to do before, so that it would end, or when loading takes
 * longer than `limit`.
 */
export function settled<T>(loading: Promise<T>, error: Error, limit = mostLoading): Promise<T> {
  const never = Promise.withResolvers<never>()
  const giveUp = () => never.reject(error)
  process.once('beforeExit', giveUp)
  // Its timer, unlike that of a clock, does not keep the process from having nothing left to do.
  const timeout = AbortSignal.timeout(limit)
  timeout.addEventListener('abort', giveUp)
  return Promise.race([loading, never.promise]).finally(() => {
    process.off('beforeExit', giveUp)
    timeout.removeEventListener('abort', giveUp)
  })
}
