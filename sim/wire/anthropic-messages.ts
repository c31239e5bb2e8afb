import type { Fields } from '../../src/core/shape.ts'
import { AnthropicFrames, anthropicUsage, messageId, stopReason, toolUseId } from './anthropic-frames.ts'
import { anthropicPrompt } from './anthropic-prompt.ts'
import { anthropicTool } from './anthropic-tools.ts'
import { flagField, modelField, numberField, objectField, own, requiredField } from './fields.ts'
import { expectMaker } from './model-kinds.ts'
import type { Asked, Completion, Protocol } from './protocol.ts'
import { thinkingOf } from './thinking.ts'
import { toolText } from './tools.ts'

/** `POST /apps/anthropic/v1/messages`: Anthropic's Messages protocol as Model Studio speaks it. */
export const anthropicMessages: Protocol<Asked> = {
  name: 'anthropic-messages',
  envelope: 'anthropic',

  read(body) {
    const model = modelField(body)
    expectMaker(model, 'text')
    const maxTokens = numberField(body, 'max_tokens', 1)
    if (maxTokens === undefined) throw requiredField('max_tokens')
    const { prompt, extraTokens, answersTool } = anthropicPrompt(body)
    const tool = anthropicTool(body, answersTool)
    const isStream = flagField(body, 'stream') ?? false
    return {
      model,
      prompt: prompt + toolText(body),
      extraTokens,
      maxTokens,
      isStream,
      ...thinkingOf(nativeThinking(body), model, isStream),
      ...(tool && { tool }),
    }
  },

  whole(_asked, completion) {
    return {
      id: messageId(completion),
      type: 'message',
      role: 'assistant',
      model: completion.model,
      content: contentOf(completion),
      stop_reason: stopReason(completion),
      stop_sequence: null,
      usage: anthropicUsage(completion, completion.usage.outputTokens),
    }
  },

  frames: (_asked, completion) => new AnthropicFrames(completion),
}

/** `thinking` in the words of the other protocols. */
function nativeThinking(body: Fields): Fields {
  const wanted = objectField(body, 'thinking')
  const type = wanted && own(wanted, 'type')
  if (!wanted || (type !== 'enabled' && type !== 'adaptive')) return {}
  return { enable_thinking: true, thinking_budget: own(wanted, 'budget_tokens') }
}

function contentOf(completion: Completion): readonly object[] {
  const { reasoning, text, tool } = completion
  return [
    ...(reasoning === '' ? [] : [{ type: 'thinking', thinking: reasoning, signature: '' }]),
    ...(text === '' ? [] : [{ type: 'text', text }]),
    ...(tool
      ? [{ type: 'tool_use', id: toolUseId(completion), name: tool.name, input: JSON.parse(tool.arguments) }]
      : []),
  ]
}
