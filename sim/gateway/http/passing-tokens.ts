import { JsonTexts } from './json-texts.ts'

/** The fields whose texts are a part of a prompt, in any protocol. */
const promptFields = [
  'messages',
  'content',
  'contents',
  'text',
  'texts',
  'prompt',
  'input',
  'system',
  'instructions',
  'description',
  'arguments',
  'output',
]

/** The fields whose texts a model writes, in any protocol. */
const outputFields = [
  'content',
  'reasoning_content',
  'text',
  'delta',
  'thinking',
  'refusal',
  'arguments',
  'partial_json',
]

/** How much of a body is read in one turn of the event loop, characters. */
const longestTurn = 512 * 1024

/**
 * Estimates the prompt tokens of a body, as the mock does, from all fields that are a part of a prompt. It waits for `turn` between the parts of a long
 * body, so that other requests do not wait for one.
 */
export async function promptTokens(body: string, turn: () => Promise<void>): Promise<number> {
  const texts = new JsonTexts({ texts: promptFields })
  for (let at = 0; at < body.length; at += longestTurn) {
    if (at > 0) await turn()
    texts.add(body.slice(at, at + longestTurn))
  }
  return texts.tokens
}

/** Finds the number of output tokens of an answer, while the answer passes through piece by piece. */
export class OutputCount {
  readonly #texts = new JsonTexts({ texts: outputFields, numbers: ['completion_tokens', 'output_tokens'] })

  add(text: string): void {
    this.#texts.add(text)
  }

  /** The last number that the answer reports. An answer that reports none has an estimate of its texts. */
  get whole(): number {
    return this.#texts.lastNumber ?? this.#texts.tokens
  }

  /** The same of an answer that breaks off: the last number that was reported, and an estimate of the texts that have passed since. */
  get broken(): number {
    return (this.#texts.lastNumber ?? 0) + this.#texts.tokens
  }
}
