import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import type { Tool } from '../model/completion.ts'
import { invalid, jsonText, ownField } from './body.ts'
import type { Message } from './messages.ts'
import { argumentsText } from './response-format.ts'

/**
 * The tool that the simulated model calls: the one that `tool_choice` names. Never of its own accord, and never after a tool
 * has answered, so that a loop of calls ends.
 */
export function toolField(body: Fields, messages: readonly Message[]): Tool | undefined {
  const offers = offersOf(ownField(body, 'tools'))
  const choice = ownField(body, 'tool_choice')
  if (choice === undefined || choice === 'none' || choice === 'auto') return undefined
  if (!isObject(choice)) throw invalid('tool_choice is one of the strings that should be ["none", "auto"]')
  const call = callOf(offers, ownField(functionOf(choice), 'name'))
  return messages.at(-1)?.role === 'tool' ? undefined : call
}

/** The definitions as the model reads them, for they count as prompt. */
export function toolText(body: Fields): string {
  const tools = ownField(body, 'tools')
  return tools === undefined ? '' : `\n${jsonText(tools)}`
}

function offersOf(tools: unknown): readonly Offer[] {
  if (tools === undefined) return []
  if (!Array.isArray(tools)) throw invalid(`'tools' must be a list, got ${show(tools)}`)
  if (tools.length === 0) throw invalid("[] is too short - 'tools'")
  return tools.map((tool: unknown, i) => {
    const offered = functionOf(tool)
    const name = ownField(offered, 'name')
    if (typeof name !== 'string' || name === '')
      throw invalid(`'tools.${i}.function.name' must be a text that is not empty`)
    if (name === 'search') throw invalid('Tool names are not allowed to be [search]')
    return { name, parameters: ownField(offered, 'parameters') }
  })
}

/** Nothing, where a tool is no function. */
function functionOf(tool: unknown): Fields {
  const called = isObject(tool) ? ownField(tool, 'function') : undefined
  return isObject(called) ? called : {}
}

/** A tool that a request offers the model. */
export interface Offer {
  readonly name: string
  /** A JSON Schema of its arguments; it is not checked. */
  readonly parameters: unknown
}

/** The call of the tool that `tool_choice` names. Throws a `BadRequest` where it is not offered. */
export function callOf(offers: readonly Offer[], wanted: unknown): Tool {
  const offer = offers.find(({ name }) => name === wanted)
  if (!offer) throw invalid(`'tool_choice' names a tool that 'tools' lacks: ${show(wanted)}`)
  return { name: offer.name, arguments: argumentsText(offer.parameters) }
}
