import { isObject } from '../checks/shape.ts'
import type { Usage } from '../core/call.ts'

/** Returns the tokens that a body or the data of a frame reports, in the spelling of any protocol. What it does not report is absent. */
export function reportedUsage(json: unknown): Partial<Usage> {
  const usage = firstIn(json, 'usage')
  if (!isObject(usage)) return {}
  const promptTokens = count(usage.prompt_tokens) ?? count(usage.input_tokens)
  // An embedding has no output, and reports a total instead.
  const rest = (count(usage.total_tokens) ?? Number.NaN) - (promptTokens ?? Number.NaN)
  const outputTokens = count(usage.completion_tokens) ?? count(usage.output_tokens) ?? count(rest)
  return { ...(promptTokens !== undefined && { promptTokens }), ...(outputTokens !== undefined && { outputTokens }) }
}

/** Returns the name of the model that a body or the data of a frame gives. */
export function modelIn(json: unknown): string | undefined {
  const model = firstIn(json, 'model')
  return typeof model === 'string' && model !== '' ? model : undefined
}

/** The value of a field of the answer. A frame of the Responses or of Anthropic's protocol may have the answer as a field of its own. */
function firstIn(json: unknown, field: string): unknown {
  if (!isObject(json)) return undefined
  return [json, json.response, json.message].filter(isObject).find((each) => each[field])?.[field]
}

/** The most tokens that are believed. No model has a context of so many. */
const mostTokens = 1e9

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostTokens ? value : undefined
}
