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

/** Counts the texts of a request's body that are a part of its prompt, in any protocol. */
export function promptTexts(): JsonTexts {
  return new JsonTexts({ texts: promptFields })
}

/** Counts the texts of an answer that the model has written, in any protocol. */
export function outputTexts(): JsonTexts {
  return new JsonTexts({ texts: outputFields })
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
