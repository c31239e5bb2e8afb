import { exitCodes } from './exit.ts'

/** How long the last requests may take once the server is told to stop, milliseconds of real time. */
const gracePeriod = 60_000

/**
 * Serves until Ctrl-C or SIGTERM, then lets what is under way end. A second signal ends the process at once.
 * `close` takes no new requests and resolves when the last one is over.
 */
export async function untilStopped(close: (grace: number) => Promise<void>, underWay: () => number): Promise<void> {
  const stopped = Promise.withResolvers<void>()
  const signals = ['SIGINT', 'SIGTERM'] as const
  let isStopping = false
  const stop = () => {
    if (isStopping) process.exit(exitCodes.interrupted)
    isStopping = true
    const count = underWay()
    const waits = count === 0 ? '' : `, ${count} under way may end (Ctrl-C again cuts them)`
    console.error(`ratelab: stopping${waits}`)
    close(gracePeriod).then(stopped.resolve, stopped.reject)
  }
  for (const signal of signals) process.on(signal, stop)
  try {
    await stopped.promise
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}
