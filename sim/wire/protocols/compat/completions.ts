import type { Fields } from '../../../../src/checks/shape.ts'
import { type Completion, choicesOf, type Delta } from '../../model/completion.ts'
import { flagField, modelField, numberField, ownField, requiredField } from '../../request/body.ts'
import { checkSampling, expectMaker, stopWords } from '../../request/parameters.ts'
import type { Frames, Protocol } from '../protocol.ts'
import { dataFrame, doneFrame } from '../sse.ts'
import { type CompatAsked, compatUsage, includesUsage } from './usage.ts'

/**
 * `POST /compatible-mode/v1/completions`: text that continues a prompt. The fields are OpenAI's. Their order is that of the captured chats,
 * since no capture of this path was found.
 */
export const compatCompletions: Protocol<CompatAsked> = {
  name: 'compat-completions',
  envelope: 'compat',

  read(body: Fields) {
    const model = modelField(body)
    expectMaker(model, 'text')
    const maxTokens = numberField(body, 'max_tokens', 1)
    checkSampling(body)
    return {
      model,
      prompt: promptOf(body),
      ...(maxTokens !== undefined && { maxTokens }),
      isStream: flagField(body, 'stream') ?? false,
      choices: numberField(body, 'n', 1, 4) ?? 1,
      stop: stopWords(body),
      includesUsage: includesUsage(body),
    }
  },

  whole: (_asked, completion) =>
    envelope(
      completion,
      choicesOf(completion).map(({ text, finish }, index) => ({
        text,
        finish_reason: finish,
        index,
        logprobs: null,
      })),
      compatUsage(completion),
    ),

  frames: (asked, completion) => new CompletionFrames(asked, completion),
}

class CompletionFrames implements Frames {
  readonly #includesUsage: boolean
  readonly #completion: Completion

  constructor({ includesUsage }: CompatAsked, completion: Completion) {
    this.#includesUsage = includesUsage
    this.#completion = completion
  }

  opening(): string {
    return ''
  }

  delta(delta: Delta): string {
    return choicesOf(delta)
      .map(({ text }, index) => (text === '' ? '' : this.#chunk(text, null, index)))
      .join('')
  }

  closing(): string {
    const ends = choicesOf(this.#completion)
      .map(({ finish }, index) => this.#chunk('', finish, index))
      .join('')
    const usage = dataFrame(envelope(this.#completion, [], compatUsage(this.#completion)))
    return ends + (this.#includesUsage ? usage : '') + doneFrame
  }

  failing(body: object): string {
    return dataFrame(body)
  }

  #chunk(text: string, finish: string | null, index: number): string {
    return dataFrame(envelope(this.#completion, [{ text, finish_reason: finish, index, logprobs: null }], null))
  }
}

function envelope({ created, model, requestId }: Completion, choices: readonly object[], usage: object | null): object {
  const id = `cmpl-${requestId}`
  return { choices, object: 'text_completion', usage, created, system_fingerprint: null, model, id }
}

function promptOf(body: Fields): string {
  const prompt = ownField(body, 'prompt')
  if (typeof prompt === 'string' && prompt !== '') return prompt
  // The OpenAI SDKs also allow a list. A list of one text is read as that text.
  if (Array.isArray(prompt) && prompt.length === 1 && typeof prompt[0] === 'string') return prompt[0]
  throw requiredField('prompt')
}
