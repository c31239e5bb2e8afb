import type { Millis } from '../../src/core/clock.ts'
import { exitAfter } from './exit.ts'
import { tell } from './output.ts'

/** The signals that stop a server: Ctrl-C, what service managers send, and Ctrl-\. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const

/** How a server is stopped. */
export interface Stopping {
  /** Stops taking requests, and resolves when the last one has ended. Cuts them off after `grace` milliseconds of real time. */
  close(grace: Millis): Promise<void>
  /** The number of requests in flight. */
  inFlight(): number
  /** How long the last requests may take after the signal, in milliseconds of real time. */
  readonly grace: Millis
}

/** Resolves after a signal, when the requests in flight have ended. A second signal ends the process at once. */
export async function untilStopped({ close, inFlight, grace }: Stopping): Promise<void> {
  const stopped = Promise.withResolvers<void>()
  let isStopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) exitAfter(signal)
    isStopping = true
    const count = inFlight()
    const waits =
      count === 0
        ? ''
        : `; requests in flight: ${count}, cut off after ${grace / 1000} s (press Ctrl-C again to stop at once)`
    tell(`ratelab: stopping${waits}`)
    close(grace).then(stopped.resolve, stopped.reject)
  }
  for (const signal of stopSignals) process.on(signal, stop)
  try {
    await stopped.promise
  } finally {
    for (const signal of stopSignals) process.off(signal, stop)
  }
}
