import type { StopWordSearch } from './stop-words.ts'

/** The text that the model writes, one token after the other. */
export interface Script {
  /** The number of tokens. */
  readonly tokens: number
  /** Returns the text of the first `tokens` tokens. It copies nothing, since a stream asks for each frame. */
  upTo(tokens: number): string
  /** The stop word that ended the text. Absent: none did. */
  readonly stopWord?: string
}

/** A fixed text, which is spread evenly over this many tokens, at least 1. */
export function writtenScript(text: string, tokens: number): Script {
  const starts = characterStarts(text)
  return { tokens, upTo: (count) => text.slice(0, starts[Math.round(((starts.length - 1) * count) / tokens)]) }
}

/** The places of the characters of a text and its end, in UTF-16 units: half a character cannot be sent. */
function characterStarts(text: string): Uint32Array {
  const starts = new Uint32Array(text.length + 1)
  let characters = 0
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) starts[characters++] = at
  starts[characters++] = text.length
  return starts.subarray(0, characters)
}

/**
 * Ends a script where the first stop word is complete. The word itself is left out of the text, but its tokens count. No more than `most` tokens
 * are searched, since the answer is cut there.
 */
export function stoppedScript(script: Script, words: StopWordSearch, most: number): Script {
  const found = words.firstIn(script.upTo(Math.min(script.tokens, most)))
  if (found === undefined) return script
  const { word, end } = found
  let [least, longest] = [1, Math.min(script.tokens, most)]
  while (least < longest) {
    const middle = (least + longest) >> 1
    if (script.upTo(middle).length < end) least = middle + 1
    else longest = middle
  }
  return { tokens: least, upTo: (count) => script.upTo(count).slice(0, end - word.length), stopWord: word }
}
