import { type Completion, choicesOf, type Kept, type WireUsage } from '../../model/completion.ts'
import { toolCallId } from '../tool-call-id.ts'

/** The form of an answer: a text, a message with a text, or a message with a list of parts. */
export type NativeFormat = 'text' | 'message' | 'parts'

/** What a request of the native protocol asks of a model. */
export interface NativeAsked extends Kept {
  readonly format: NativeFormat
  readonly isIncremental: boolean
  /** The prompt tokens of pictures, sounds and films. */
  readonly imageTokens: number
}

/** The `output` of an answer that is not streamed. As captured, its keys have another order than those of a frame. */
export function nativeOutput({ format }: NativeAsked, completion: Completion): object {
  if (format === 'text') return { text: completion.text, finish_reason: completion.finish }
  const isOne = completion.others === undefined
  const choices = choicesOf(completion).map((choice, index) => {
    const { text, reasoning, finish, tool } = choice
    const message = {
      role: 'assistant',
      content: nativeContent(format, text),
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(tool && { tool_calls: [nativeToolCall(choice, index)] }),
    }
    return { finish_reason: finish, ...(!isOne && { index }), message }
  })
  return { choices }
}

export function nativeContent(format: NativeFormat, text: string): string | readonly object[] {
  if (format !== 'parts') return text
  return text === '' ? [] : [{ text }]
}

export function nativeToolCall({ requestId, tool }: Completion, nth: number): object {
  return { function: tool, index: 0, id: toolCallId(requestId, nth), type: 'function' }
}

/** The tokens so far. As captured, the order of the keys is another in frames. */
export function nativeUsage({ imageTokens, format }: NativeAsked, usage: WireUsage, isFrame: boolean): object {
  const { promptTokens, outputTokens, reasoningTokens } = usage
  const [input_tokens, output_tokens, total_tokens] = [promptTokens, outputTokens, promptTokens + outputTokens]
  return {
    ...(isFrame ? { total_tokens, output_tokens, input_tokens } : { input_tokens, output_tokens, total_tokens }),
    ...(reasoningTokens > 0 && { output_tokens_details: { reasoning_tokens: reasoningTokens } }),
    ...(format === 'parts' && imageTokens > 0 && { image_tokens: imageTokens }),
  }
}
