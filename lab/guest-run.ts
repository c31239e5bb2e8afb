import type { Remedies } from './ambient-ban.ts'
import { hostGuests } from './guests/guest-time.ts'
import { type OwnRun, watched } from './own-run.ts'

// What these name is simulated while a guest runs, so that the ban only meets its other ways to the same.
const remedies: Remedies = {
  time: 'read the time from `Date` or `performance.now`',
  wait: 'wait with the timers of `globalThis`',
  chance: 'draw from `Math.random`',
  network: 'send only what its strategy sends',
}

/** Runs what a guest of the catalogue does in a job, in simulated time. Rejects as `runOwn` does, also when the library asks for real time or real input. */
export async function runGuest<T>(id: string, run: OwnRun, work: () => Promise<T>): Promise<T> {
  const release = hostGuests()
  try {
    return await watched({ who: id, remedies }, run, work)
  } finally {
    release()
  }
}
