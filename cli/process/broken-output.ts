/** What `process.stdout` and `process.stderr` have. */
type Output = Pick<NodeJS.EventEmitter, 'on'>

/** The errors of an output whose reader has left: of a pipe, of a socket, and of one that is closed since. */
const readerLeft = ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']

/**
 * Keeps the process alive when its output cannot be written: a reader may leave early, as `head` does, and a disk may be full. The work must
 * go on even then. Returns a function that tells whether output was lost in another way than by a reader who left. `tell` gets a line about the first
 * loss of each output.
 */
export function surviveBrokenOutput(
  outputs: Readonly<Record<string, Output>>,
  tell: (line: string) => void,
): () => boolean {
  const lost = new Set<string>()
  for (const [name, output] of Object.entries(outputs))
    output.on('error', ({ code = '', message }: NodeJS.ErrnoException) => {
      if (readerLeft.includes(code) || lost.has(name)) return
      lost.add(name)
      tell(`ratelab: ${name} cannot be written (${message}); the work goes on without it`)
    })
  return () => lost.size > 0
}
