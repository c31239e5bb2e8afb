/** A line on standard error that shows the share of the runs that have ended. */
export interface ProgressBar {
  /** Shows the share for this number of ended runs. */
  update(runs: number): void
  /** Removes the line. */
  clear(): void
}

/** Returns the progress bar for this number of runs. It shows nothing when standard error is not a terminal. */
export function progressBar(total: number): ProgressBar {
  const { stderr } = process
  if (!stderr.isTTY) return { update: () => {}, clear: () => {} }
  let shownPercent = -1
  return {
    update(runs) {
      const percent = Math.floor((100 * runs) / total)
      if (percent === shownPercent) return
      shownPercent = percent
      const filled = Math.round(percent / 5)
      stderr.write(`\r${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${percent} % of ${total} runs`)
    },
    clear: () => {
      stderr.write('\r\u001b[K')
    },
  }
}
