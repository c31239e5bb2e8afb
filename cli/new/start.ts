/** A file to begin with, its test, and what to run next. */
export interface Start {
  readonly source: string
  readonly test: string
  /** The packages that the test needs. */
  readonly needs: readonly string[]
  /** Returns the words after `ratelab` that run the file. `path` is its path as the command line takes it. */
  next(path: string): string
}
