import type { Fields } from '../../../../src/checks/shape.ts'
import { show } from '../../../../src/core/expect.ts'
import type { Completion } from '../../model/completion.ts'
import {
  flagField,
  invalid,
  modelField,
  numberField,
  objectField,
  ownField,
  requiredField,
} from '../../request/body.ts'
import { expectMaker, stopWords, thinkingOf } from '../../request/parameters.ts'
import { calledTool, toolText } from '../../request/tools.ts'
import type { Protocol } from '../protocol.ts'
import { AnthropicFrames } from './frames.ts'
import { anthropicPrompt } from './prompt.ts'
import { anthropicUsage, messageId, stopReason, toolUseId } from './spelling.ts'
import { anthropicTools } from './tools.ts'

/** `POST /apps/anthropic/v1/messages`: Anthropic's Messages protocol as Model Studio speaks it. */
export const anthropicMessages: Protocol = {
  name: 'anthropic-messages',
  envelope: 'anthropic',

  read(body) {
    const model = modelField(body)
    expectMaker(model, 'text')
    const maxTokens = numberField(body, 'max_tokens', 1)
    if (maxTokens === undefined) throw requiredField('max_tokens')
    const { prompt, extraTokens, answersTool } = anthropicPrompt(body)
    const tool = calledTool(body, anthropicTools, answersTool)
    const isStream = flagField(body, 'stream') ?? false
    const stop = stopSequences(body)
    return {
      model,
      prompt: prompt + toolText(body),
      extraTokens,
      maxTokens,
      isStream,
      ...thinkingOf(nativeThinking(body), model, isStream),
      ...(tool && { tool }),
      stop,
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
      stop_sequence: completion.stopWord ?? null,
      usage: anthropicUsage(completion, completion.usage.outputTokens),
    }
  },

  frames: (_asked, completion) => new AnthropicFrames(completion),
}

function stopSequences(body: Fields): readonly string[] {
  const words = ownField(body, 'stop_sequences')
  if (words === undefined) return []
  if (Array.isArray(words) && words.every((each) => typeof each === 'string')) return stopWords({ stop: words })
  throw invalid(`'stop_sequences' must be a list of texts, got ${show(words)}`)
}

/** The field `thinking` in the words of the other protocols. */
function nativeThinking(body: Fields): Fields {
  const wanted = objectField(body, 'thinking')
  const type = wanted && ownField(wanted, 'type')
  if (!wanted || (type !== 'enabled' && type !== 'adaptive')) return {}
  return { enable_thinking: true, thinking_budget: ownField(wanted, 'budget_tokens') }
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
