import type { Fields } from '../../../../src/checks/shape.ts'
import { type Completion, choicesOf } from '../../model/completion.ts'
import { flagField, modelField, numberField } from '../../request/body.ts'
import { conversationOf, messagesField } from '../../request/messages.ts'
import { checkSampling, expectMaker, stopWords, thinkingOf } from '../../request/parameters.ts'
import { jsonAnswer } from '../../request/response-format.ts'
import { calledTool, toolText } from '../../request/tools.ts'
import { chatContents, chatMessages, chatTools } from '../chat-spelling.ts'
import type { Protocol } from '../protocol.ts'
import { ChatFrames, toolCall } from './chat-frames.ts'
import { type CompatAsked, compatUsage, includesUsage } from './usage.ts'

/** `POST /compatible-mode/v1/chat/completions`: OpenAI's protocol as Model Studio speaks it. */
export const compatChat: Protocol<CompatAsked> = {
  name: 'compat-chat',
  envelope: 'compat',

  read(body: Fields) {
    const model = modelField(body)
    expectMaker(model, 'text')
    const messages = messagesField(body, chatMessages)
    const { prompt, extraTokens } = conversationOf(messages, chatContents)
    const isStream = flagField(body, 'stream') ?? false
    const maxTokens = numberField(body, 'max_completion_tokens', 1) ?? numberField(body, 'max_tokens', 1)
    const tool = calledTool(body, chatTools, messages.at(-1)!.role === 'tool')
    const thinking = thinkingOf(body, model, isStream)
    checkSampling(body)
    const answer = jsonAnswer(body, prompt, thinking.thinks)
    return {
      model,
      prompt: prompt + toolText(body),
      extraTokens,
      ...(maxTokens !== undefined && { maxTokens }),
      isStream,
      ...thinking,
      choices: numberField(body, 'n', 1, 4) ?? 1,
      ...(tool && { tool }),
      ...(answer !== undefined && { answer }),
      stop: stopWords(body),
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

function messageOf(choice: Completion, index: number): object {
  const { text, reasoning, tool } = choice
  const thoughts = reasoning !== '' && { reasoning_content: reasoning }
  if (tool) return { content: text, ...thoughts, role: 'assistant', tool_calls: [toolCall(choice, index)] }
  return { role: 'assistant', content: text, ...thoughts }
}
