import { templateTokens } from '../../sim/wire/model/tokens.ts'
import type { Call } from '../../src/core/call.ts'
import type { Workload } from '../../src/scenario/workload.ts'

/** Words of three letters. With its space each has four characters, which most tokenizers, and the mock, count as one token. */
const words = [
  'the',
  'sun',
  'and',
  'sea',
  'are',
  'far',
  'but',
  'one',
  'can',
  'see',
  'how',
  'big',
  'day',
  'was',
  'our',
  'own',
]

/** The length of the answer to a call, as the scenario has drawn it. */
export function answerTokens({ outputTokens }: Workload, { id, maxTokens }: Call): number {
  return Math.max(1, Math.min(outputTokens[id]!, maxTokens))
}

/** The characters of a token of such words. */
const charactersOfToken = 4

/**
 * Returns the body of a chat request for a call, as JSON. Its prompt has about `promptTokens` tokens, and begins with the number of the call, so that no
 * provider answers it from a cache. `most` is its `max_tokens`, which cuts the answer at the length that the scenario has drawn.
 */
export function chatRequest({ id, target, promptTokens }: Call, most: number, isStream: boolean): string {
  return JSON.stringify({
    model: target.model,
    max_tokens: most,
    messages: [{ role: 'user', content: promptOf(id, promptTokens - templateTokens(1)) }],
    ...(isStream && { stream: true, stream_options: { include_usage: true } }),
  })
}

function promptOf(id: number, tokens: number): string {
  const length = Math.max(1, tokens) * charactersOfToken
  const beginning = `${id} `
  const pattern = `${words.join(' ')} `
  return (beginning + pattern.repeat(Math.ceil(length / pattern.length))).slice(0, length)
}
