/** What one attack has found out. */
export class Findings {
  /** The inputs that were tried: requests, messages, signals or versions of a file. */
  tried = 0
  /** How many answers had each status. `cut` counts connections that broke, as some attacks demand. */
  readonly statuses = new Map<string, number>()
  /** The longest time that the probe waited for an answer, milliseconds. */
  longestWait = 0
  /** The slowest input, milliseconds, and what it was. */
  slowest = { took: 0, what: '' }
  /** The resident memory of the servers: at the start, at the peak and at the end of the one that grew most, bytes. */
  memory = { start: 0, peak: 0, end: 0 }
  /** The first sentences that tell of something wrong. */
  readonly problems: string[] = []
  /** The number of all such sentences. */
  problemCount = 0

  answered(status: number | string): void {
    const name = String(status)
    this.statuses.set(name, (this.statuses.get(name) ?? 0) + 1)
  }

  /** Remembers how long an input took. */
  timed(took: number, what: string): void {
    if (took > this.slowest.took) this.slowest = { took, what }
  }

  problem(text: string): void {
    if (this.problemCount++ < mostProblems)
      this.problems.push(text.length > longestProblem ? `${text.slice(0, longestProblem)}…` : text)
  }
}

/** How many problems of one attack are shown. */
const mostProblems = 20

/** How much of a problem is shown, characters. */
const longestProblem = 800
