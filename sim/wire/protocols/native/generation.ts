import type { Fields } from '../../../../src/checks/shape.ts'
import { show } from '../../../../src/core/expect.ts'
import type { WireRequest } from '../../exchange.ts'
import { BadRequest } from '../../request/bad-request.ts'
import { flagField, invalid, modelField, numberField, objectField, ownField } from '../../request/body.ts'
import { conversationOf, type Message, messagesField } from '../../request/messages.ts'
import { checkSampling, stopWords, thinkingOf } from '../../request/parameters.ts'
import { jsonAnswer } from '../../request/response-format.ts'
import { calledTool, toolText } from '../../request/tools.ts'
import { chatContents, chatMessages, chatTools } from '../chat-spelling.ts'
import type { Protocol } from '../protocol.ts'
import { NativeFrames } from './frames.ts'
import { type NativeAsked, type NativeFormat, nativeOutput, nativeUsage } from './spelling.ts'

/** `POST /api/v1/services/aigc/text-generation/generation`: the native protocol for models of text. */
export const nativeText: Protocol<NativeAsked> = nativeGeneration('native-text', false)

/** `POST /api/v1/services/aigc/multimodal-generation/generation`: the same, but the contents of answers are lists of parts. */
export const nativeMultimodal: Protocol<NativeAsked> = nativeGeneration('native-multimodal', true)

function nativeGeneration(name: string, isMultimodal: boolean): Protocol<NativeAsked> {
  return {
    name,
    envelope: 'native',

    read(body, request) {
      // Only models that make pictures or films take asynchronous tasks.
      if (request.header('x-dashscope-async') === 'enable') throw new BadRequest({ name: 'no-async' })
      const model = modelField(body)
      const parameters = objectField(body, 'parameters') ?? {}
      const messages = inputOf(body)
      const conversation = conversationOf(messages, chatContents)
      const isStream = wantsStream(request)
      const maxTokens = numberField(parameters, 'max_tokens', 1)
      const tool = calledTool(parameters, chatTools, messages.at(-1)!.role === 'tool')
      const thinking = thinkingOf(parameters, model, isStream)
      checkSampling(parameters)
      const answer = jsonAnswer(parameters, conversation.prompt, thinking.thinks)
      return {
        model,
        prompt: conversation.prompt + toolText(parameters),
        extraTokens: conversation.extraTokens,
        imageTokens: conversation.mediaTokens,
        ...(maxTokens !== undefined && { maxTokens }),
        isStream,
        ...thinking,
        choices: numberField(parameters, 'n', 1, 4) ?? 1,
        ...(tool && { tool }),
        ...(answer !== undefined && { answer }),
        stop: stopWords(parameters),
        format: isMultimodal ? 'parts' : formatOf(parameters, model, thinking.thinks),
        isIncremental: isIncremental(parameters, model, thinking.thinks),
      }
    },

    whole: (asked, completion) => ({
      output: nativeOutput(asked, completion),
      usage: nativeUsage(asked, completion.usage, false),
      request_id: completion.requestId,
    }),

    frames: (asked, completion) => new NativeFrames(asked, completion),
  }
}

function wantsStream(request: WireRequest): boolean {
  const accept = request.header('accept') ?? ''
  return request.header('x-dashscope-sse') === 'enable' || accept.includes('text/event-stream')
}

/** The messages of the input. A prompt is read as one message of the user. */
function inputOf(body: Fields): readonly Message[] {
  const input = objectField(body, 'input') ?? {}
  const prompt = ownField(input, 'prompt')
  if (ownField(input, 'messages') !== undefined) return messagesField(input, chatMessages)
  if (prompt === undefined) throw invalid('Either "prompt" or "messages" must exist and cannot both be none')
  if (typeof prompt !== 'string') throw invalid(`'prompt' must be a text, got ${show(prompt)}`)
  return [{ role: 'user', content: prompt }]
}

/** The models whose answers are messages and whose streams are incremental by default (qwen-api-via-dashscope.md). */
const modernModels = /^(qwen3-max|qwen3-vl|qwq|qvq|qwen3-\d)/
/** The models whose answers are messages by default, but whose streams are not incremental. */
const longReader = /^qwen-long/

function formatOf(parameters: Fields, model: string, thinks: boolean): NativeFormat {
  const format = ownField(parameters, 'result_format')
  if (format === undefined) return thinks || modernModels.test(model) || longReader.test(model) ? 'message' : 'text'
  if (format !== 'text' && format !== 'message')
    throw invalid(`'result_format' must be one of ['text', 'message'], got ${show(format)}`)
  if (format === 'text' && thinks)
    throw invalid('The result_format parameter must be "message" when enable_thinking is true')
  return format
}

function isIncremental(parameters: Fields, model: string, thinks: boolean): boolean {
  const wanted = flagField(parameters, 'incremental_output')
  if (wanted === false && thinks)
    throw invalid('The incremental_output parameter must be "true" when enable_thinking is true')
  return wanted ?? (thinks || modernModels.test(model))
}
