import { realpathSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Clock, Millis } from '../../src/core/clock.ts'

/** An editor writes in several steps; what it leaves is read once it rests. */
const settleTime: Millis = 100

/**
 * Calls `changed` after the file was written, replaced or made, until the returned function is called. Its folder is
 * watched, since most editors put another file in its place; where it is a link, so is the folder of what it leads to. Throws the system's
 * error where nothing can be watched.
 */
export function watchConfig(path: string, clock: Clock, changed: () => void): () => void {
  let waiting = new AbortController()
  const watchers = [...new Set([path, realpathSync(path)])].map((each) => {
    const name = basename(each)
    const watcher = watch(dirname(each), (_event, file) => {
      // Kubernetes swaps a link named `..data` beside the file.
      if (file !== null && file !== name && !file.startsWith('..')) return
      waiting.abort()
      waiting = new AbortController()
      clock.sleep(settleTime, waiting.signal).then(changed, () => {})
    })
    // A folder that vanishes takes the watch with it; SIGHUP still reloads.
    return watcher.on('error', () => watcher.close())
  })
  return () => {
    waiting.abort()
    for (const watcher of watchers) watcher.close()
  }
}
