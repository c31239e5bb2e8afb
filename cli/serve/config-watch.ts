import { realpathSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Clock, Millis } from '../../src/core/clock.ts'

/** How long a file must be unchanged before it is read, in milliseconds. Editors write a file in several steps. */
const settleTime: Millis = 100

/**
 * Calls `changed` after the file was written, replaced or created, until the returned function is called. The folder of the file is
 * watched, since most editors replace the file by a new one. If the file is a link, the folder of its target is watched as well. Throws
 * the system's error when a folder cannot be watched. `failed` is called when a watch ends later, as when the folder is deleted.
 */
export function watchConfig(
  path: string,
  clock: Clock,
  changed: () => void,
  failed: (error: Error) => void,
): () => void {
  let waiting = new AbortController()
  const watchers = [...new Set([path, realpathSync(path)])].map((each) => {
    const name = basename(each)
    const watcher = watch(dirname(each), (_event, file) => {
      // Kubernetes changes a mounted file by replacing a link named `..data` beside it.
      if (file !== null && file !== name && !file.startsWith('..')) return
      waiting.abort()
      waiting = new AbortController()
      clock.sleep(settleTime, waiting.signal).then(changed, () => {})
    })
    return watcher.on('error', (error: Error) => {
      watcher.close()
      failed(error)
    })
  })
  return () => {
    waiting.abort()
    for (const watcher of watchers) watcher.close()
  }
}
