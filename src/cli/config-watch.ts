import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Clock, Millis } from '../core/clock.ts'

/** An editor writes in several steps; what it leaves is read once it rests. */
const rest: Millis = 100

/**
 * Calls `changed` after the file was written, replaced or made, until the returned function is called. Its folder is
 * watched, since most editors put another file in its place.
 */
export function watchConfig(path: string, clock: Clock, changed: () => void): () => void {
  let waiting = new AbortController()
  const name = basename(path)
  const watcher = watch(dirname(path), (_event, file) => {
    // Kubernetes swaps a link named `..data` beside the file.
    if (file !== null && file !== name && !file.startsWith('..')) return
    waiting.abort()
    waiting = new AbortController()
    clock.sleep(rest, waiting.signal).then(changed, () => {})
  })
  // A folder that vanishes takes the watch with it; SIGHUP still reloads.
  watcher.on('error', () => watcher.close())
  return () => {
    waiting.abort()
    watcher.close()
  }
}
