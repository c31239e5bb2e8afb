import { type Fields, isObject } from '../../../../src/checks/shape.ts'
import { show } from '../../../../src/core/expect.ts'
import type { Tool } from '../../model/completion.ts'
import { invalid, ownField } from '../../request/body.ts'
import { callOf, type Offer } from '../../request/tools.ts'

/**
 * The function that the simulated model calls: the one that `tool_choice` names, or the first where it says `required`. Never of its
 * own accord, and never after a function has answered, so that a loop of calls ends.
 */
export function responsesTool(body: Fields, answersTool: boolean): Tool | undefined {
  const offers = functionsOf(ownField(body, 'tools'))
  const choice = ownField(body, 'tool_choice')
  const wanted = wantedName(choice, offers)
  if (wanted === undefined) return undefined
  const call = callOf(offers, wanted)
  return answersTool ? undefined : call
}

/** `required`, a function by its name, or the first of `allowed_tools` where one of them is required. */
function wantedName(choice: unknown, offers: readonly Offer[]): unknown {
  if (choice === 'required') return offers[0]?.name
  if (!isObject(choice)) return undefined
  if (ownField(choice, 'type') !== 'allowed_tools') return ownField(choice, 'name')
  const allowed = ownField(choice, 'tools')
  if (ownField(choice, 'mode') !== 'required' || !Array.isArray(allowed)) return undefined
  return allowed.map((each: unknown) => (isObject(each) ? ownField(each, 'name') : undefined)).find(isText)
}

/** Of the tools only functions have names; the service takes any other kind in silence, and so do we. */
function functionsOf(tools: unknown): readonly Offer[] {
  if (tools === undefined) return []
  if (!Array.isArray(tools)) throw invalid(`'tools' must be a list, got ${show(tools)}`)
  const functions = tools.filter(isObject).filter((tool) => ownField(tool, 'type') === 'function')
  return functions.map((tool) => {
    const name = ownField(tool, 'name')
    if (isText(name) && name !== '') return { name, parameters: ownField(tool, 'parameters') }
    // What the service says of a definition in the shape of the chat protocol.
    throw invalid('The parameters, when provided as a dict, must confirm to a valid openai-compatible JSON schema.')
  })
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
