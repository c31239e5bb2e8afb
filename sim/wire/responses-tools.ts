import { show } from '../../src/core/expect.ts'
import { type Fields, isObject } from '../../src/core/shape.ts'
import { invalid, own } from './fields.ts'
import type { Tool } from './protocol.ts'

/**
 * The function that the simulated model calls: the one that `tool_choice` names, or the first where it says `required`. Never of its
 * own accord, and never after a function has answered, so that a loop of calls ends.
 */
export function responsesTool(body: Fields, answersTool: boolean): Tool | undefined {
  const names = functionNames(own(body, 'tools'))
  const choice = own(body, 'tool_choice')
  const wanted = wantedName(choice, names)
  if (wanted === undefined) return undefined
  const name = names.find((each) => each === wanted)
  if (name === undefined) throw invalid(`'tool_choice' names a tool that 'tools' lacks: ${show(wanted)}`)
  return answersTool ? undefined : { name, arguments: '{}' }
}

/** `required`, a function by its name, or the first of `allowed_tools` where one of them is required. */
function wantedName(choice: unknown, names: readonly string[]): unknown {
  if (choice === 'required') return names[0]
  if (!isObject(choice)) return undefined
  if (own(choice, 'type') !== 'allowed_tools') return own(choice, 'name')
  const allowed = own(choice, 'tools')
  if (own(choice, 'mode') !== 'required' || !Array.isArray(allowed)) return undefined
  return allowed.map((each: unknown) => (isObject(each) ? own(each, 'name') : undefined)).find(isText)
}

/** Of the tools only functions have names; the service takes any other kind in silence, and so do we. */
function functionNames(tools: unknown): readonly string[] {
  if (tools === undefined) return []
  if (!Array.isArray(tools)) throw invalid(`'tools' must be a list, got ${show(tools)}`)
  const functions = tools.filter(isObject).filter((tool) => own(tool, 'type') === 'function')
  return functions.map((tool) => {
    const name = own(tool, 'name')
    if (isText(name) && name !== '') return name
    // What the service says of a definition in the shape of the chat protocol.
    throw invalid('The parameters, when provided as a dict, must confirm to a valid openai-compatible JSON schema.')
  })
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
