import { type Fields, isObject } from '../../../../src/checks/shape.ts'
import { show } from '../../../../src/core/expect.ts'
import type { Tool } from '../../model/completion.ts'
import { invalid, objectField, ownField } from '../../request/body.ts'
import { callOf, type Offer } from '../../request/tools.ts'

/**
 * The tool that the simulated model uses: the one that `tool_choice` names, or the first where it says `any`. Never of its own
 * accord, and never after a tool has answered, so that a loop of uses ends.
 */
export function anthropicTool(body: Fields, answersTool: boolean): Tool | undefined {
  const offers = offersOf(ownField(body, 'tools'))
  const choice = objectField(body, 'tool_choice')
  const type = choice && ownField(choice, 'type')
  if (type !== 'any' && type !== 'tool') return undefined
  const call = callOf(offers, type === 'tool' ? ownField(choice!, 'name') : offers[0]?.name)
  return answersTool ? undefined : call
}

function offersOf(tools: unknown): readonly Offer[] {
  if (tools === undefined) return []
  if (!Array.isArray(tools)) throw invalid(`'tools' must be a list, got ${show(tools)}`)
  return tools.map((tool: unknown, i) => {
    const offered = isObject(tool) ? tool : {}
    const name = ownField(offered, 'name')
    if (typeof name !== 'string' || name === '') throw invalid(`'tools.${i}.name' must be a text that is not empty`)
    return { name, parameters: ownField(offered, 'input_schema') }
  })
}
