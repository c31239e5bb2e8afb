import type { Fields } from '../../src/core/shape.ts'
import { compatUsage, includesUsage } from './compat-usage.ts'
import { flagField, modelField, numberField } from './fields.ts'
import { conversationOf, messagesField } from './messages.ts'
import { expectMaker } from './model-kinds.ts'
import type { Asked, Completion, Delta, Frames, Protocol } from './protocol.ts'
import { checkJsonMode, checkSampling } from './sampling.ts'
import { dataFrame, doneFrame } from './sse.ts'
import { thinkingOf } from './thinking.ts'
import { toolCallId } from './tool-call-id.ts'
import { toolField, toolText } from './tools.ts'

interface ChatAsked extends Asked {
  readonly includesUsage: boolean
}

/** `POST /compatible-mode/v1/chat/completions`: OpenAI's protocol as Model Studio speaks it. */
export const compatChat: Protocol<ChatAsked> = {
  name: 'compat-chat',
  envelope: 'compat',

  read(body: Fields) {
    const model = modelField(body)
    expectMaker(model, 'text')
    const messages = messagesField(body)
    const { prompt, extraTokens } = conversationOf(messages)
    const isStream = flagField(body, 'stream') ?? false
    const maxTokens = numberField(body, 'max_completion_tokens', 1) ?? numberField(body, 'max_tokens', 1)
    const tool = toolField(body, messages)
    const thinking = thinkingOf(body, model, isStream)
    checkSampling(body)
    checkJsonMode(body, prompt, thinking.thinks)
    return {
      model,
      prompt: prompt + toolText(body),
      extraTokens,
      ...(maxTokens !== undefined && { maxTokens }),
      isStream,
      ...thinking,
      choices: numberField(body, 'n', 1, 4) ?? 1,
      ...(tool && { tool }),
      includesUsage: includesUsage(body),
    }
  },

  whole(_asked, completion) {
    const { requestId, created, model } = completion
    return {
      choices: choicesOf(completion).map((choice, index) => ({
        message: messageOf(choice, index),
        finish_reason: choice.finish,
        index,
        logprobs: null,
      })),
      object: 'chat.completion',
      usage: compatUsage(completion),
      created,
      system_fingerprint: null,
      model,
      id: `chatcmpl-${requestId}`,
    }
  },

  frames: (asked, completion) => new ChatFrames(asked, completion),
}

/** The captures' order of keys differs from the opening to the middle to the end of a stream. */
class ChatFrames implements Frames {
  readonly #includesUsage: boolean
  readonly #completion: Completion
  readonly #thinks: boolean
  /** What follows the choices in every chunk, written once: a stream has dozens of chunks. */
  readonly #rest: string

  constructor({ includesUsage, thinks }: ChatAsked, completion: Completion) {
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
    if (!delta.others) return this.#said(delta, 0)
    return [delta, ...delta.others].map((each, index) => this.#said(each, index)).join('')
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

  #said({ text, reasoning }: Delta, index: number): string {
    let frames = ''
    if (reasoning !== '') frames += this.#middle({ content: null, reasoning_content: reasoning }, index)
    if (text !== '') frames += this.#middle({ content: text, ...this.#noMoreReasoning() }, index)
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

/** All choices, the first included. */
function choicesOf(completion: Completion): readonly Completion[] {
  return [completion, ...(completion.others ?? [])]
}

function messageOf(choice: Completion, index: number): object {
  const { text, reasoning, tool } = choice
  const thoughts = reasoning !== '' && { reasoning_content: reasoning }
  if (tool) return { content: text, ...thoughts, role: 'assistant', tool_calls: [toolCall(choice, index)] }
  return { role: 'assistant', content: text, ...thoughts }
}

/** The one call of a choice, the `nth`. */
function toolCall({ requestId, tool }: Completion, nth: number): object {
  return { index: 0, id: toolCallId(requestId, nth), type: 'function', function: tool }
}
