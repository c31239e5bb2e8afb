/** The text that the model writes, one token after the other. */
export interface Script {
  /** The number of tokens. */
  readonly tokens: number
  /** Returns the text of the first `tokens` tokens. */
  upTo(tokens: number): string
  /** The stop word that ended the text. Absent: none did. */
  readonly stopWord?: string
}

/** A fixed text, which is spread evenly over this many tokens, at least 1. */
export function writtenScript(text: string, tokens: number): Script {
  // By characters and not by UTF-16 units, since half a character cannot be sent.
  const characters = [...text]
  return {
    tokens,
    upTo: (count) => characters.slice(0, Math.round((characters.length * count) / tokens)).join(''),
  }
}

/** Ends a script where the first stop word is complete. The word itself is left out of the text, but its tokens count. */
export function stoppedScript(script: Script, words: readonly string[]): Script {
  const whole = script.upTo(script.tokens)
  let stopWord: string | undefined
  let from = 0
  let end = Infinity
  for (const word of words) {
    const at = word === '' ? -1 : whole.indexOf(word)
    if (at < 0 || at + word.length > end || (at + word.length === end && at >= from)) continue
    stopWord = word
    from = at
    end = at + word.length
  }
  if (stopWord === undefined) return script
  let [least, most] = [1, script.tokens]
  while (least < most) {
    const middle = (least + most) >> 1
    if (script.upTo(middle).length < end) least = middle + 1
    else most = middle
  }
  return { tokens: least, upTo: (count) => script.upTo(count).slice(0, from), stopWord }
}
