import { exitCodes } from './exit.ts'
import { tell } from './output.ts'

/** How long the last requests may take after the signal, in milliseconds of real time. */
const gracePeriod = 60_000

/**
 * Resolves after Ctrl-C or SIGTERM, when the requests in flight have ended. A second signal ends the process at once.
 * `close` must stop taking requests, and resolve when the last one has ended; `inFlight` is the number of requests in flight.
 */
export async function untilStopped(close: (grace: number) => Promise<void>, inFlight: () => number): Promise<void> {
  const stopped = Promise.withResolvers<void>()
  const signals = ['SIGINT', 'SIGTERM'] as const
  let isStopping = false
  const stop = () => {
    if (isStopping) process.exit(exitCodes.interrupted)
    isStopping = true
    const count = inFlight()
    const waits = count === 0 ? '' : `; requests in flight: ${count} (press Ctrl-C again to stop at once)`
    tell(`ratelab: stopping${waits}`)
    close(gracePeriod).then(stopped.resolve, stopped.reject)
  }
  for (const signal of signals) process.on(signal, stop)
  try {
    await stopped.promise
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}
