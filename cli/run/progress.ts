/** A line on standard error that tells how far the runs are, where standard error is a terminal. */
export interface Progress {
  done(runs: number): void
  clear(): void
}

export function progress(all: number): Progress {
  const { stderr } = process
  if (!stderr.isTTY) return { done: () => {}, clear: () => {} }
  let shown = -1
  return {
    done(runs) {
      const percent = Math.floor((100 * runs) / all)
      if (percent === shown) return
      shown = percent
      const filled = Math.round(percent / 5)
      stderr.write(`\r${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${percent} % of ${all} runs`)
    },
    clear: () => {
      stderr.write('\r\u001b[K')
    },
  }
}
