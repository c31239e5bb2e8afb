import type { Completion } from '../../model/completion.ts'
import { toolCallId } from '../tool-call-id.ts'

export function messageId({ requestId }: Completion): string {
  return `msg_${requestId}`
}

export function toolUseId({ requestId }: Completion): string {
  return toolCallId(requestId, 0)
}

const stopReasons = { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use' }

export function stopReason({ finish, stopWord }: Completion): string {
  return stopWord === undefined ? stopReasons[finish] : 'stop_sequence'
}

/** The usage after this many output tokens. The simulated service caches nothing. */
export function anthropicUsage({ usage }: Completion, outputTokens: number): object {
  return {
    input_tokens: usage.promptTokens,
    output_tokens: outputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  }
}
