import { estimatedTokens } from '../../wire/model/tokens.ts'

const prompts = /"(?:content|text|prompt|input|system)"\s*:\s*"((?:[^"\\]|\\.)*)"/g

/** An estimate, as the mock makes it, of all that looks like a prompt. */
export function promptTokens(body: string): number {
  let tokens = 0
  for (const [, text] of body.matchAll(prompts)) tokens += estimatedTokens(text!)
  return tokens
}

/** Reads from a passing answer how many output tokens it says it has. */
export class OutputCount {
  /** No more than a last frame needs. */
  #tail = ''

  add(text: string): void {
    this.#tail = (this.#tail + text).slice(-4096)
  }

  get tokens(): number {
    const found = [...this.#tail.matchAll(/"(?:completion_tokens|output_tokens)"\s*:\s*(\d{1,9})\b/g)].at(-1)
    return found ? Number(found[1]) : 0
  }
}
