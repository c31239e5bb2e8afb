import { estimatedTokens } from '../../wire/model/tokens.ts'

const prompts = /"(?:content|text|prompt|input|system)"\s*:\s*"((?:[^"\\]|\\.)*)"/g

/** Estimates the prompt tokens of a body, as the mock does, from all fields that look like a prompt. */
export function promptTokens(body: string): number {
  let tokens = 0
  for (const [, text] of body.matchAll(prompts)) tokens += estimatedTokens(text!)
  return tokens
}

/** Finds the number of output tokens that an answer reports, while the answer passes through piece by piece. */
export class OutputCount {
  /** The end of the answer: as much as its last frame may need. */
  #tail = ''

  add(text: string): void {
    this.#tail = (this.#tail + text).slice(-4096)
  }

  /** The last number that the answer reports. 0: it has reported none. */
  get tokens(): number {
    const found = [...this.#tail.matchAll(/"(?:completion_tokens|output_tokens)"\s*:\s*(\d{1,9})\b/g)].at(-1)
    return found ? Number(found[1]) : 0
  }
}
