import type { Fields } from '../../../src/checks/shape.ts'
import { BadRequest } from './bad-request.ts'
import { flagField, invalid, own } from './fields.ts'

/** Models whose name says that they always think. */
const alwaysThinks = /^(qwq|qvq)(-|$)|-thinking(-|$)/

/** Models that think and speak only in streams, as captured of QwQ. */
const onlyStreams = /^(qwq|qvq)(-|$)/

export interface Thinking {
  readonly thinks: boolean
  /** Absent: no budget. */
  readonly thinkingTokens?: number
}

/** Whether the model thinks: `enable_thinking` says so, or its name does. */
export function thinkingOf(fields: Fields, model: string, isStream: boolean): Thinking {
  const wanted = flagField(fields, 'enable_thinking')
  const always = alwaysThinks.test(model)
  if (always && wanted === false) throw invalid('The value of the enable_thinking parameter is restricted to True.')
  if (!isStream && onlyStreams.test(model)) throw new BadRequest({ name: 'only-streams' })
  const budget = own(fields, 'thinking_budget')
  if (budget !== undefined && !(typeof budget === 'number' && Number.isSafeInteger(budget) && budget > 0))
    throw invalid(`The thinking_budget parameter must be a positive integer and not greater than ${longestThought}`)
  return {
    thinks: always || wanted === true,
    ...(typeof budget === 'number' && { thinkingTokens: budget }),
  }
}

/** The longest chain of thought that the documentation gives for the commercial Qwen3 models. It is not enforced. */
const longestThought = 81_920
