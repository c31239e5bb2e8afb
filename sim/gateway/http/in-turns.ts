/** How much of a text is worked on in one turn of the event loop, characters. */
const longestTurn = 512 * 1024

/** Yields a text in parts, and waits for `turn` between them, so that other requests do not wait for a long one. */
export async function* inTurns(text: string, turn: () => Promise<void>): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += longestTurn) {
    if (at > 0) await turn()
    yield text.slice(at, at + longestTurn)
  }
}
