import type { Fields } from '../../src/core/shape.ts'
import { contentText, flagField, messagesField, modelField, numberField, objectField, toolField } from './fields.ts'
import type { Asked, Completion, Delta, Frames, Protocol } from './protocol.ts'
import { dataFrame, doneFrame } from './sse.ts'

interface ChatAsked extends Asked {
  readonly includesUsage: boolean
}

/** `POST /compatible-mode/v1/chat/completions`: OpenAI's protocol as Model Studio speaks it. */
export const compatChat: Protocol<ChatAsked> = {
  name: 'compat-chat',
  envelope: 'compat',

  read(body: Fields) {
    const messages = messagesField(body)
    const isStream = flagField(body, 'stream') ?? false
    const maxTokens = numberField(body, 'max_completion_tokens', 1) ?? numberField(body, 'max_tokens', 1)
    const options = objectField(body, 'stream_options')
    const tool = toolField(body, messages)
    return {
      model: modelField(body),
      prompt: messages.map(({ content }) => contentText(content)).join('\n'),
      ...(maxTokens !== undefined && { maxTokens }),
      isStream,
      thinks: flagField(body, 'enable_thinking') ?? false,
      ...(tool && { tool }),
      includesUsage: options?.include_usage === true,
    }
  },

  whole(_asked, completion) {
    const { text, reasoning, tool, finish, requestId, created, model } = completion
    const message = {
      role: 'assistant',
      content: text,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(tool && { tool_calls: [toolCall(completion)] }),
    }
    return {
      choices: [{ message, finish_reason: finish, index: 0, logprobs: null }],
      object: 'chat.completion',
      usage: chatUsage(completion),
      created,
      system_fingerprint: null,
      model,
      id: `chatcmpl-${requestId}`,
    }
  },

  frames: (asked, completion) => new ChatFrames(asked, completion),

  errorFrame: dataFrame,
}

class ChatFrames implements Frames {
  readonly #includesUsage: boolean
  readonly #completion: Completion

  constructor({ includesUsage }: ChatAsked, completion: Completion) {
    this.#includesUsage = includesUsage
    this.#completion = completion
  }

  opening(): string {
    const hasReasoning = this.#completion.reasoning !== ''
    return this.#chunk({ content: hasReasoning ? null : '', role: 'assistant' }, null)
  }

  delta({ text, reasoning }: Delta): string {
    let frames = ''
    if (reasoning !== '') frames += this.#chunk({ content: null, reasoning_content: reasoning }, null)
    if (text !== '') frames += this.#chunk({ content: text }, null)
    return frames
  }

  closing(): string {
    const { finish, tool } = this.#completion
    const call = tool
      ? this.#chunk({ content: null, tool_calls: [{ index: 0, ...toolCall(this.#completion) }] }, null)
      : ''
    const usage = this.#includesUsage ? dataFrame(this.#envelope([], chatUsage(this.#completion))) : ''
    return call + this.#chunk({ content: '' }, finish) + usage + doneFrame
  }

  #chunk(delta: object, finish: string | null): string {
    return dataFrame(this.#envelope([{ delta, index: 0, logprobs: null, finish_reason: finish }], null))
  }

  #envelope(choices: readonly object[], usage: object | null): object {
    const { created, model, requestId } = this.#completion
    const id = `chatcmpl-${requestId}`
    return { choices, object: 'chat.completion.chunk', usage, created, system_fingerprint: null, model, id }
  }
}

function toolCall({ requestId, tool }: Completion): object {
  return { id: `call_${requestId.replaceAll('-', '').slice(0, 24)}`, type: 'function', function: tool }
}

function chatUsage({ usage }: Completion): object {
  const { promptTokens, outputTokens, reasoningTokens } = usage
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    ...(reasoningTokens > 0 && {
      completion_tokens_details: { reasoning_tokens: reasoningTokens, text_tokens: outputTokens - reasoningTokens },
    }),
    prompt_tokens_details: { cached_tokens: 0 },
  }
}
