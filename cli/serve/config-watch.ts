import { realpathSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Clock, Millis } from '../../src/core/clock.ts'

/** How long a file has to rest before it is read, in milliseconds: editors write in several steps. */
const settleTime: Millis = 100

/**
 * Calls `changed` after the file was written, replaced or created, until the returned function is called. The folder of the file is
 * watched, since most editors put another file in its place. Where the file is a link, the folder of its target is watched, too. Throws
 * the system's error where a folder cannot be watched.
 */
export function watchConfig(path: string, clock: Clock, changed: () => void): () => void {
  let waiting = new AbortController()
  const watchers = [...new Set([path, realpathSync(path)])].map((each) => {
    const name = basename(each)
    const watcher = watch(dirname(each), (_event, file) => {
      // Kubernetes replaces a link named `..data` beside the file.
      if (file !== null && file !== name && !file.startsWith('..')) return
      waiting.abort()
      waiting = new AbortController()
      clock.sleep(settleTime, waiting.signal).then(changed, () => {})
    })
    // When the folder is deleted the watch ends. SIGHUP still reloads the file.
    return watcher.on('error', () => watcher.close())
  })
  return () => {
    waiting.abort()
    for (const watcher of watchers) watcher.close()
  }
}
