import { Worker } from 'node:worker_threads'
import type { Millis } from '../../src/ratelab.ts'

/** A client on a thread and a connection of its own that asks a cheap question all the time. */
export interface Probe {
  /** Resolves with the longest time that one question waited so far, also when its answer has not come yet. */
  longestWait(): Promise<Millis>
  stop(): Promise<void>
}

export function startProbe(url: string): Probe {
  const thread = new Worker(new URL('./probe-thread.ts', import.meta.url), { workerData: url })
  return {
    longestWait: () =>
      new Promise((resolve) => {
        thread.once('message', resolve)
        thread.postMessage('tell')
      }),
    stop: async () => void (await thread.terminate()),
  }
}
