import type { Fields } from '../../../../src/checks/shape.ts'
import { show } from '../../../../src/core/expect.ts'
import type { Asked, Kept } from '../../model/completion.ts'
import { BadRequest } from '../../request/bad-request.ts'
import {
  flagField,
  modelField,
  nestsDeeperThan,
  numberField,
  objectField,
  ownField,
  requiredField,
} from '../../request/body.ts'
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
  throw invalidValue(`Invalid 'reasoning.effort': ${String(effort)}. Supported values are: (${known}).`)
}

/** The most levels of a value that the answer repeats. No useful request nests deeper. */
const deepestEchoed = 64

function echoed(body: Fields): object {
  const repeated = {
    instructions: ownField(body, 'instructions') ?? null,
    max_output_tokens: ownField(body, 'max_output_tokens') ?? null,
    metadata: ownField(body, 'metadata') ?? {},
    parallel_tool_calls: ownField(body, 'parallel_tool_calls') ?? true,
    reasoning: ownField(body, 'reasoning') ?? null,
    service_tier: 'default',
    store: ownField(body, 'store') ?? true,
    temperature: ownField(body, 'temperature') ?? null,
    tool_choice: ownField(body, 'tool_choice') ?? 'auto',
    tools: ownField(body, 'tools') ?? [],
    top_logprobs: 0,
    top_p: ownField(body, 'top_p') ?? null,
  }
  if (nestsDeeperThan(deepestEchoed, repeated)) throw new BadRequest({ name: 'invalid-body' })
  return repeated
}
