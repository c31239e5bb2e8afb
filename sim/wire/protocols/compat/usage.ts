import type { Fields } from '../../../../src/checks/shape.ts'
import type { Completion, Kept } from '../../model/completion.ts'
import { objectField, ownField } from '../../request/body.ts'

/** What a chat or a completion asks of a model. */
export interface CompatAsked extends Kept {
  /** Whether a stream ends with the usage. */
  readonly includesUsage: boolean
}

/** The usage of a chat or a completion, with its keys in the captured order. */
export function compatUsage({ usage }: Completion): object {
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

/** Whether a stream ends with its usage. The options are checked, but mean nothing, when the request asks for no stream. */
export function includesUsage(body: Fields): boolean {
  const options = objectField(body, 'stream_options')
  return options !== undefined && ownField(options, 'include_usage') === true
}
