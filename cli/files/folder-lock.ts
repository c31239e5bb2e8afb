import { lstatSync, mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Millis } from '../../src/core/clock.ts'

/** Between two looks at a lock that another process holds. */
const pause: Millis = 20

/** A lock is held for milliseconds. One that stays for this time is the rest of a process that was killed. */
const abandonedAfter: Millis = 10_000

/**
 * Runs `work` while no other process runs its own for the same folder, on this machine or on another one that shares the folder. `work` must not
 * wait, so that the lock is held for milliseconds. Rejects with the system's error when the lock cannot be made.
 */
export async function whileLocked<T>(folder: string, clock: Clock, work: () => T): Promise<T> {
  const lock = join(folder, '.ratelab-lock')
  let seen: number | undefined
  let seenAt = 0
  while (!wasMade(lock)) {
    // The number of a folder would not do: file systems give that of a removed one to the next.
    const holder = lstatSync(lock, { throwIfNoEntry: false })?.mtimeMs
    if (holder !== seen) seenAt = clock.now()
    else if (holder !== undefined && clock.now() - seenAt > abandonedAfter) release(lock)
    seen = holder
    await clock.sleep(pause)
  }
  try {
    return work()
  } finally {
    release(lock)
  }
}

/** Creates the folder that is the lock: the system lets only one process do so. */
function wasMade(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Removes the lock, unless another process has taken it for abandoned and removed it already. */
function release(lock: string): void {
  try {
    rmdirSync(lock)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
