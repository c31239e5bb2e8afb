import type { Completion, WireUsage } from '../../model/completion.ts'
import { toolCallId } from '../tool-call-id.ts'
import type { ResponsesAsked } from './request.ts'

/** What an answer and every state of it in a stream have in common. */
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

/** What an answer has when it is over. */
export function responseEnd(completion: Completion) {
  const isCut = completion.finish === 'length'
  return {
    status: isCut ? 'incomplete' : 'completed',
    ...(isCut && { incomplete_details: { reason: 'max_output_tokens' } }),
    output: outputOf(completion),
    usage: responsesUsage(completion.usage),
  } as const
}

/** The items of an answer: its thoughts, its text or the call of a function. */
function outputOf(completion: Completion): readonly object[] {
  const { reasoning, text, tool } = completion
  return [
    ...(reasoning === '' ? [] : [reasoningItem(completion, reasoning)]),
    ...(text === '' ? [] : [messageItem(completion, text)]),
    ...(tool ? [callItem(completion, tool.arguments)] : []),
  ]
}

/** Without its text it has just begun, as all items. */
export function reasoningItem({ requestId }: Completion, text?: string): object {
  return { id: `rs_${requestId}`, type: 'reasoning', summary: text === undefined ? [] : [summaryPart(text)] }
}

export function summaryPart(text: string): object {
  return { type: 'summary_text', text }
}

/** Without its text it has just begun. */
export function messageItem({ requestId, finish }: Completion, text?: string): object {
  const status = text === undefined ? 'in_progress' : finish === 'length' ? 'incomplete' : 'completed'
  const content = text === undefined ? [] : [textPart(text)]
  return { id: `msg_${requestId}`, type: 'message', role: 'assistant', status, content }
}

export function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

/** Without what is `given` to the function it has just begun. */
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

/** With the bill of the response, as the service adds it. */
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
