/** What a stream tells of the terminal behind it. `process.stdout` and `process.stderr` are examples. */
export interface TerminalFacts {
  readonly isTTY?: boolean
  /** The width of the terminal, in columns. Some terminals and CI systems give 0 when they do not know it. */
  readonly columns?: number
}

/** The width for which text is laid out when nothing gives the real one, in columns. */
const usualWidth = 120

/** The least width for which anything is laid out, in columns. A narrower terminal breaks the lines itself. */
const leastWidth = 30

/**
 * Returns the width for which a stream's text is laid out, in columns: that of its terminal, or that in the environment variable
 * COLUMNS when there is no terminal or it does not know its width, or `usual` when neither gives a width.
 */
export function outputWidth(
  { isTTY = false, columns = 0 }: TerminalFacts,
  usual = usualWidth,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): number {
  const width = isTTY && columns > 0 ? columns : Number(/^\d{1,6}$/.exec(environment.COLUMNS ?? '')?.[0] ?? 0)
  return width > 0 ? Math.max(leastWidth, width) : usual
}
