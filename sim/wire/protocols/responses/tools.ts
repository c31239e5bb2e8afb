import { isObject } from '../../../../src/checks/shape.ts'
import { ownField } from '../../request/body.ts'
import type { ToolSpelling } from '../../request/tools.ts'

/** Tools as the Responses protocol spells them. Only functions have names. Tools of any other kind are ignored, as the service does. */
export const responsesTools: ToolSpelling = {
  definitionOf: (tool) => (isObject(tool) && ownField(tool, 'type') === 'function' ? tool : undefined),
  parametersField: 'parameters',
  // The service's words for a definition in the shape of the chat protocol.
  nameless: () => 'The parameters, when provided as a dict, must confirm to a valid openai-compatible JSON schema.',
  demanded(body, offers) {
    const name = demandedName(ownField(body, 'tool_choice'), offers[0]?.name)
    return name === undefined ? undefined : { name }
  },
}

/** A choice demands a function by its name, the first function (`required`), or the first of `allowed_tools` when one of them is required. */
function demandedName(choice: unknown, first: string | undefined): unknown {
  if (choice === 'required') return first
  if (!isObject(choice)) return undefined
  if (ownField(choice, 'type') !== 'allowed_tools') return ownField(choice, 'name')
  const allowed = ownField(choice, 'tools')
  if (ownField(choice, 'mode') !== 'required' || !Array.isArray(allowed)) return undefined
  return allowed
    .map((each: unknown) => (isObject(each) ? ownField(each, 'name') : undefined))
    .find((name) => typeof name === 'string')
}
