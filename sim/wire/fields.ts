import { show } from '../../src/core/expect.ts'
import { type Fields, isObject } from '../../src/core/shape.ts'
import { BadRequest, type Tool } from './protocol.ts'

/** A field of the body that is not what it should be. */
export function invalid(detail: string): BadRequest {
  return new BadRequest({ name: 'invalid-parameter', detail })
}

export function modelField(body: Fields): string {
  const { model } = body
  if (typeof model === 'string' && model !== '') return model
  throw invalid('Required parameter(model) missing or invalid, please check the request parameters.')
}

/** A whole number within bounds, where it is there; null is as good as absent. */
export function numberField(body: Fields, name: string, least: number, most = 1_000_000): number | undefined {
  const value = own(body, name)
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw invalid(`Range of ${name} should be [${least}, ${most}]`)
}

export function flagField(body: Fields, name: string): boolean | undefined {
  const value = own(body, name)
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean') return value
  throw invalid(`'${name}' must be Bool, got ${show(value)}`)
}

export function objectField(body: Fields, name: string): Fields | undefined {
  const value = own(body, name)
  if (value === undefined || value === null) return undefined
  if (isObject(value)) return value
  throw invalid(`'${name}' must be an object, got ${show(value)}`)
}

export interface Message {
  readonly role: string
  readonly content: unknown
}

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function']

export function messagesField(body: Fields): readonly Message[] {
  const messages = own(body, 'messages')
  if (!Array.isArray(messages) || messages.length === 0) throw invalid("[] is too short - 'messages'")
  return messages.map((message: unknown, i) => {
    if (!isObject(message)) throw invalid(`'messages.${i}' must be an object, got ${show(message)}`)
    const { role, content } = message
    if (typeof role !== 'string' || !roles.includes(role))
      throw invalid(
        `${show(role)} is not one of [${roles.map((each) => `'${each}'`).join(', ')}] - 'messages.${i}.role'`,
      )
    return { role, content }
  })
}

/** The text of a message's content: a string, or a list of parts of which only the texts count. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  if (content === undefined || content === null) return ''
  if (!Array.isArray(content)) throw invalid('The content field should be a string or a list of parts.')
  return content.map((part: unknown) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('')
}

/**
 * The tool that the simulated model calls: the one that `tool_choice` names, or the first where it says `required`. Never of its
 * own accord, and never after a tool has answered, so that a loop of calls ends.
 */
export function toolField(body: Fields, messages: readonly Message[]): Tool | undefined {
  const tools = own(body, 'tools')
  if (tools === undefined || tools === null) return undefined
  if (!Array.isArray(tools)) throw invalid(`'tools' must be a list, got ${show(tools)}`)
  const names = tools.map((tool: unknown, i) => {
    const named = isObject(tool) && isObject(tool.function) ? tool.function.name : undefined
    if (typeof named !== 'string' || named === '')
      throw invalid(`'tools.${i}.function.name' must be a text that is not empty`)
    return named
  })
  const choice = own(body, 'tool_choice')
  const wanted = isObject(choice) && isObject(choice.function) ? choice.function.name : undefined
  const isAsked = choice === 'required' || wanted !== undefined
  if (!isAsked || messages.at(-1)?.role === 'tool') return undefined
  const name = wanted === undefined ? names[0] : names.find((each) => each === wanted)
  if (name === undefined) throw invalid(`'tool_choice' names a tool that 'tools' lacks: ${show(wanted)}`)
  return { name, arguments: '{}' }
}

/** A field that the body itself has: what every object inherits does not count. */
function own(body: Fields, name: string): unknown {
  return Object.hasOwn(body, name) ? body[name] : undefined
}
