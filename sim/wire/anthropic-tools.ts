import { show } from '../../src/core/expect.ts'
import { type Fields, isObject } from '../../src/core/shape.ts'
import { invalid, objectField, own } from './fields.ts'
import type { Tool } from './protocol.ts'

/**
 * The tool that the simulated model uses: the one that `tool_choice` names, or the first where it says `any`. Never of its own
 * accord, and never after a tool has answered, so that a loop of uses ends.
 */
export function anthropicTool(body: Fields, answersTool: boolean): Tool | undefined {
  const names = toolNames(own(body, 'tools'))
  const choice = objectField(body, 'tool_choice')
  const type = choice && own(choice, 'type')
  if (type !== 'any' && type !== 'tool') return undefined
  const wanted = type === 'tool' ? own(choice!, 'name') : names[0]
  const name = names.find((each) => each === wanted)
  if (name === undefined) throw invalid(`'tool_choice' names a tool that 'tools' lacks: ${show(wanted)}`)
  return answersTool ? undefined : { name, arguments: '{}' }
}

function toolNames(tools: unknown): readonly string[] {
  if (tools === undefined) return []
  if (!Array.isArray(tools)) throw invalid(`'tools' must be a list, got ${show(tools)}`)
  return tools.map((tool: unknown, i) => {
    const name = isObject(tool) ? own(tool, 'name') : undefined
    if (typeof name !== 'string' || name === '') throw invalid(`'tools.${i}.name' must be a text that is not empty`)
    return name
  })
}
