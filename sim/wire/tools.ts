import { show } from '../../src/core/expect.ts'
import { type Fields, isObject } from '../../src/core/shape.ts'
import { invalid, own } from './fields.ts'
import { jsonText } from './json-text.ts'
import type { Message } from './messages.ts'
import type { Tool } from './protocol.ts'

/**
 * The tool that the simulated model calls: the one that `tool_choice` names. Never of its own accord, and never after a tool
 * has answered, so that a loop of calls ends.
 */
export function toolField(body: Fields, messages: readonly Message[]): Tool | undefined {
  const names = toolNames(own(body, 'tools'))
  const choice = own(body, 'tool_choice')
  if (choice === undefined || choice === 'none' || choice === 'auto') return undefined
  if (!isObject(choice)) throw invalid('tool_choice is one of the strings that should be ["none", "auto"]')
  const wanted = nameOf(choice)
  const name = names.find((each) => each === wanted)
  if (name === undefined) throw invalid(`'tool_choice' names a tool that 'tools' lacks: ${show(wanted)}`)
  return messages.at(-1)?.role === 'tool' ? undefined : { name, arguments: '{}' }
}

/** The definitions as the model reads them, for they count as prompt. */
export function toolText(body: Fields): string {
  const tools = own(body, 'tools')
  return tools === undefined ? '' : `\n${jsonText(tools)}`
}

function toolNames(tools: unknown): readonly string[] {
  if (tools === undefined) return []
  if (!Array.isArray(tools)) throw invalid(`'tools' must be a list, got ${show(tools)}`)
  if (tools.length === 0) throw invalid("[] is too short - 'tools'")
  return tools.map((tool: unknown, i) => {
    const name = isObject(tool) ? nameOf(tool) : undefined
    if (typeof name !== 'string' || name === '')
      throw invalid(`'tools.${i}.function.name' must be a text that is not empty`)
    if (name === 'search') throw invalid('Tool names are not allowed to be [search]')
    return name
  })
}

function nameOf(tool: Fields): unknown {
  const called = own(tool, 'function')
  return isObject(called) ? own(called, 'name') : undefined
}
