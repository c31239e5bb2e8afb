import { whole } from '../../src/report/figures/figures.ts'
import type { ProgressOutput } from '../process/progress.ts'

/** Separate lines appear once for this many rows. */
const linePause = 1_000_000

/** Returns a display of how many rows were read: on a terminal one line that is written again, elsewhere a line for each million. */
export function rowProgress(output: ProgressOutput): { update(rows: number): void; clear(): void } {
  const isRewritable = output.rewritableWidth !== undefined
  let isShown = false
  return {
    update(rows) {
      if (isRewritable) output.write(`\r${whole(rows)} rows read\x1b[K`)
      else if (rows % linePause === 0) output.write(`${whole(rows)} rows read\n`)
      isShown = true
    },
    clear() {
      if (isRewritable && isShown) output.write('\r\x1b[K')
    },
  }
}
