import type { Completion, WireUsage } from '../../model/completion.ts'
import { toolCallId } from '../tool-call-id.ts'
import type { ResponsesAsked } from './request.ts'

/** The fields that an answer and its states within a stream have in common. */
export function responseShell({ echoed }: ResponsesAsked, { requestId, created, model }: Completion): object {
  return {
    id: `resp_${requestId}`,
    object: 'response',
    created_at: created,
    model,
    background: false,
    error: null,
    incomplete_details: null,
    ...echoed,
  }
}

/** The fields that an answer has when it is complete. */
export function responseEnd(completion: Completion) {
  const isCut = completion.finish === 'length'
  return {
    status: isCut ? 'incomplete' : 'completed',
    ...(isCut && { incomplete_details: { reason: 'max_output_tokens' } }),
    output: outputOf(completion),
    usage: responsesUsage(completion.usage),
  } as const
}

/** The items of an answer: its thoughts, its text, and the call of a function. */
function outputOf(completion: Completion): readonly object[] {
  const { reasoning, text, tool } = completion
  return [
    ...(reasoning === '' ? [] : [reasoningItem(completion, reasoning)]),
    ...(text === '' ? [] : [messageItem(completion, text)]),
    ...(tool ? [callItem(completion, tool.arguments)] : []),
  ]
}

/** The item of the thoughts. Without a text, the item as it is when it is opened. */
export function reasoningItem({ requestId }: Completion, text?: string): object {
  return { id: `rs_${requestId}`, type: 'reasoning', summary: text === undefined ? [] : [summaryPart(text)] }
}

export function summaryPart(text: string): object {
  return { type: 'summary_text', text }
}

/** The item of the text. Without a text, the item as it is when it is opened. */
export function messageItem({ requestId, finish }: Completion, text?: string): object {
  const status = text === undefined ? 'in_progress' : finish === 'length' ? 'incomplete' : 'completed'
  const content = text === undefined ? [] : [textPart(text)]
  return { id: `msg_${requestId}`, type: 'message', role: 'assistant', status, content }
}

export function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

/** The item of a call. Without the arguments `given`, the item as it is when it is opened. */
export function callItem({ requestId, tool }: Completion, given?: string): object {
  return {
    id: `fc_${requestId}`,
    type: 'function_call',
    call_id: toolCallId(requestId, 0),
    name: tool!.name,
    arguments: given ?? '',
    status: given === undefined ? 'in_progress' : 'completed',
  }
}

/** The usage, with the bill that the service adds to it. */
function responsesUsage({ promptTokens, outputTokens, reasoningTokens }: WireUsage): object {
  const total = promptTokens + outputTokens
  const bill = {
    input_tokens: promptTokens,
    output_tokens: outputTokens,
    total_tokens: total,
    x_billing_type: 'response_api',
    prompt_tokens_details: { cached_tokens: 0 },
  }
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: total,
    x_details: [bill],
  }
}
