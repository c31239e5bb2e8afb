/** What a model means to say, a token at a time. */
export interface Script {
  readonly tokens: number
  /** What its first so many tokens say. */
  upTo(tokens: number): string
  /** The stop word that ended it; absent: none did. */
  readonly stopWord?: string
}

/** A text of its own, spread evenly over so many tokens, at least one. */
export function writtenScript(text: string, tokens: number): Script {
  // By characters, not units: half of one cannot be sent.
  const characters = [...text]
  return {
    tokens,
    upTo: (count) => characters.slice(0, Math.round((characters.length * count) / tokens)).join(''),
  }
}

/** Ends a script where the first of the words is complete. The word itself is not said, but its tokens were made. */
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
