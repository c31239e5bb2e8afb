import type { Fields } from '../../../../src/checks/shape.ts'
import type { Asked, Completion } from '../../model/completion.ts'
import { objectField, ownField } from '../../request/body.ts'

/** A chat or a completion that is asked for. */
export interface CompatAsked extends Asked {
  /** Whether a stream ends with the usage. */
  readonly includesUsage: boolean
}

/** The usage of a chat or a completion, in the order of the captures. */
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

/** Whether a stream ends with its usage. Without a stream the options are read and mean nothing. */
export function includesUsage(body: Fields): boolean {
  const options = objectField(body, 'stream_options')
  return options !== undefined && ownField(options, 'include_usage') === true
}
