import type { Fields } from '../../../../src/checks/shape.ts'
import { quotable, show } from '../../../../src/core/expect.ts'
import type { Asked, Kept } from '../../model/completion.ts'
import { BadRequest } from '../../request/bad-request.ts'
import { flagField, modelField, numberField, objectField, ownField, requiredField } from '../../request/body.ts'
import { thinkingOf } from '../../request/parameters.ts'
import { calledTool, toolText } from '../../request/tools.ts'
import { responsesPrompt } from './prompt.ts'
import { responsesTools } from './tools.ts'

/** What a request of the Responses protocol asks of a model. */
export interface ResponsesAsked extends Kept {
  /** The fields of the request that the answer repeats. */
  readonly echoed: object
}

/** Reads a request of the Responses protocol. Fields that the documentation does not list are ignored, as the service does. */
export function responsesRequest(body: Fields): ResponsesAsked & Asked {
  const model = modelField(body)
  const input = ownField(body, 'input')
  if (input === undefined) throw requiredField('input')
  const { prompt, extraTokens, answersTool } = responsesPrompt(input, ownField(body, 'instructions'))
  const maxTokens = outputTokens(body)
  checkRange(body, 'temperature', (t) => t >= 0 && t < 2, '[0,2)')
  checkRange(body, 'top_p', (p) => p > 0 && p <= 1, '(0,1]')
  const tool = calledTool(body, responsesTools, answersTool)
  const isStream = flagField(body, 'stream') ?? false
  return {
    model,
    prompt: prompt + toolText(body),
    extraTokens,
    ...(maxTokens !== undefined && { maxTokens }),
    isStream,
    ...thinkingOf({ enable_thinking: thinks(body) }, model, isStream),
    ...(tool && { tool }),
    echoed: echoed(body),
  }
}

/** The error of a parameter that the protocol itself checks, before the model's own checks. */
function invalidValue(detail: string): BadRequest {
  return new BadRequest({ name: 'invalid-value', detail })
}

function outputTokens(body: Fields): number | undefined {
  const value = ownField(body, 'max_output_tokens')
  if (typeof value === 'number' && value < 16)
    throw invalidValue(`Invalid 'max_output_tokens': must be greater than or equal to 16, got ${value}.`)
  return numberField(body, 'max_output_tokens', 16)
}

function checkRange(body: Fields, name: string, isIn: (value: number) => boolean, range: string): void {
  const value = ownField(body, name)
  if (value === undefined || (typeof value === 'number' && isIn(value))) return
  const got = show(value)
  throw invalidValue(`Invalid '${name}': ${got}. Expected a value between ${range}, but got ${got} instead.`)
}

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** Whether the model thinks. `reasoning.effort` has precedence over `enable_thinking`. */
function thinks(body: Fields): boolean | undefined {
  const reasoning = objectField(body, 'reasoning')
  const effort = reasoning && ownField(reasoning, 'effort')
  if (effort === undefined) return flagField(body, 'enable_thinking')
  if (typeof effort === 'string' && efforts.includes(effort)) return effort !== 'none'
  const known = efforts.map((each) => `'${each}'`).join(',')
  throw invalidValue(
    `Invalid 'reasoning.effort': ${typeof effort === 'string' ? quotable(effort) : show(effort)}. Supported values are: (${known}).`,
  )
}

/** The longest field that the answer repeats, characters of the text or of the JSON. A stream repeats it three times. */
const longestEchoed = 65_536

/** The fields that the answer repeats, each with its default where the request has none, or one that is too long. */
function echoed(body: Fields): object {
  const echo = (name: string, absent: unknown) => {
    const value = ownField(body, name)
    return value === undefined || lengthOf(value) > longestEchoed ? absent : value
  }
  return {
    instructions: echo('instructions', null),
    max_output_tokens: echo('max_output_tokens', null),
    metadata: echo('metadata', {}),
    parallel_tool_calls: echo('parallel_tool_calls', true),
    reasoning: echo('reasoning', null),
    service_tier: 'default',
    store: echo('store', true),
    temperature: echo('temperature', null),
    tool_choice: echo('tool_choice', 'auto'),
    tools: echo('tools', []),
    top_logprobs: 0,
    top_p: echo('top_p', null),
  }
}

/** The length of a text, or of any other value in JSON. */
function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : JSON.stringify(value).length
}
