import { type Completion, choicesOf, type Delta } from '../../model/completion.ts'
import type { Frames } from '../protocol.ts'
import { dataFrame, doneFrame } from '../sse.ts'
import { toolCallId } from '../tool-call-id.ts'
import { type CompatAsked, compatUsage } from './usage.ts'

/** A stream of chat chunks. As captured, the order of the keys differs between the opening, the middle and the end of a stream. */
export class ChatFrames implements Frames {
  readonly #includesUsage: boolean
  readonly #completion: Completion
  readonly #thinks: boolean
  /** The JSON text after the choices, which is the same in every chunk. It is written once, since a stream has dozens of chunks. */
  readonly #rest: string

  constructor({ includesUsage, thinks }: CompatAsked, completion: Completion) {
    this.#includesUsage = includesUsage
    this.#completion = completion
    this.#thinks = thinks ?? false
    this.#rest = JSON.stringify(this.#envelope(null)).slice(1)
  }

  opening(): string {
    const role = 'assistant'
    const delta = this.#thinks ? { content: null, role, reasoning_content: '' } : { content: '', role }
    return choicesOf(this.#completion)
      .map((_, index) => this.#chunk({ delta, index, logprobs: null, finish_reason: null }))
      .join('')
  }

  delta(delta: Delta): string {
    if (!delta.others) return this.#textFrames(delta, 0)
    return choicesOf(delta)
      .map((each, index) => this.#textFrames(each, index))
      .join('')
  }

  closing(): string {
    const ends = choicesOf(this.#completion).map((choice, index) => {
      const call = choice.tool ? this.#middle({ content: null, tool_calls: [toolCall(choice, index)] }, index) : ''
      return call + this.#last('', choice.finish, index)
    })
    const usage = this.#includesUsage
      ? dataFrame({ choices: [], ...this.#envelope(compatUsage(this.#completion)) })
      : ''
    return ends.join('') + usage + doneFrame
  }

  failing(body: object): string {
    return dataFrame(body)
  }

  failingAsText(text: string): string {
    return this.#last(text, 'error_finish', 0)
  }

  #textFrames({ text, reasoning }: Delta, index: number): string {
    let frames = ''
    if (reasoning !== '') frames += this.#middle({ content: null, reasoning_content: reasoning }, index)
    if (text !== '') {
      // The JSON of these frames is put together by hand, since a stream has dozens of them.
      const after = this.#thinks ? ',"reasoning_content":null' : ''
      const choice = `{"delta":{"content":${JSON.stringify(text)}${after}},"finish_reason":null,"index":${index},"logprobs":null}`
      frames += `data: {"choices":[${choice}],${this.#rest}\n\n`
    }
    return frames
  }

  #middle(delta: object, index: number): string {
    return this.#chunk({ delta, finish_reason: null, index, logprobs: null })
  }

  #last(content: string, finish: string, index: number): string {
    const delta = { content, ...this.#noMoreReasoning() }
    return this.#chunk({ finish_reason: finish, delta, index, logprobs: null })
  }

  #noMoreReasoning() {
    return this.#thinks ? { reasoning_content: null } : undefined
  }

  #chunk(choice: object): string {
    return `data: {"choices":[${JSON.stringify(choice)}],${this.#rest}\n\n`
  }

  #envelope(usage: object | null): object {
    const { created, model, requestId } = this.#completion
    return {
      object: 'chat.completion.chunk',
      usage,
      created,
      system_fingerprint: null,
      model,
      id: `chatcmpl-${requestId}`,
    }
  }
}

/** The call of a tool in the nth choice. A choice has no more than one. */
export function toolCall({ requestId, tool }: Completion, nth: number): object {
  return { index: 0, id: toolCallId(requestId, nth), type: 'function', function: tool }
}
