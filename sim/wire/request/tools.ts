import type { Fields } from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import type { Tool } from '../model/completion.ts'
import { invalid, jsonText, ownField } from './body.ts'
import { argumentsText } from './response-format.ts'

/** How a protocol spells the tools that a request offers, and its demand that one of them be called. */
export interface ToolSpelling {
  /** The fields that define a tool. Undefined: the tool is of a kind that cannot be called, and is passed over. */
  definitionOf(tool: unknown): Fields | undefined
  /** The field of a definition that holds the JSON Schema of its arguments. */
  readonly parametersField: string
  /** The error for a definition without a name. */
  readonly nameless: (index: number) => string
  /** The error for a list without tools. Absent: such a list is like none. */
  readonly noTools?: string
  /** A name that no tool may have. */
  readonly reservedName?: string
  /** The tool that the field `tool_choice`, which is there, demands. Undefined: none. Throws a `BadRequest` where the field is wrong. */
  demanded(body: Fields, offers: readonly Offer[]): { readonly name: unknown } | undefined
}

/** A tool that a request offers the model. */
export interface Offer {
  readonly name: string
  /** A JSON Schema of its arguments. It is not checked. */
  readonly parameters: unknown
}

/**
 * The tool that the simulated model calls: the one that `tool_choice` demands. It calls none of its own accord, and none after a tool has
 * answered (`answersTool`), so that a loop of calls ends. Throws a `BadRequest` where the tools or the demand are wrong.
 */
export function calledTool(body: Fields, spelling: ToolSpelling, answersTool: boolean): Tool | undefined {
  const offers = offersOf(ownField(body, 'tools'), spelling)
  const demanded = ownField(body, 'tool_choice') === undefined ? undefined : spelling.demanded(body, offers)
  if (!demanded) return undefined
  const offer = offers.find(({ name }) => name === demanded.name)
  if (!offer) throw invalid(`'tool_choice' names a tool that 'tools' lacks: ${show(demanded.name)}`)
  return answersTool ? undefined : { name: offer.name, arguments: argumentsText(offer.parameters) }
}

/** The definitions as the model reads them, since they count as prompt. */
export function toolText(body: Fields): string {
  const tools = ownField(body, 'tools')
  return tools === undefined ? '' : `\n${jsonText(tools)}`
}

function offersOf(tools: unknown, spelling: ToolSpelling): readonly Offer[] {
  if (tools === undefined) return []
  if (!Array.isArray(tools)) throw invalid(`'tools' must be a list, got ${show(tools)}`)
  const { noTools, reservedName, parametersField } = spelling
  if (tools.length === 0 && noTools !== undefined) throw invalid(noTools)
  return tools.flatMap((tool: unknown, i): readonly Offer[] => {
    const definition = spelling.definitionOf(tool)
    if (!definition) return []
    const name = ownField(definition, 'name')
    if (typeof name !== 'string' || name === '') throw invalid(spelling.nameless(i))
    if (name === reservedName) throw invalid(`Tool names are not allowed to be [${reservedName}]`)
    return [{ name, parameters: ownField(definition, parametersField) }]
  })
}
