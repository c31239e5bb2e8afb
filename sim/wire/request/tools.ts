import type { Fields } from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import type { Tool } from '../model/completion.ts'
import { invalid, ownField, tooMuch } from './body.ts'
import { argumentsText } from './response-format.ts'

/** How a protocol spells the tools that a request offers, and the demand that the model call one of them. */
export interface ToolSpelling {
  /** Returns the fields that define a tool. Returns undefined for a tool that cannot be called, which is then ignored. */
  definitionOf(tool: unknown): Fields | undefined
  /** The field of a definition that holds the JSON Schema of its arguments. */
  readonly parametersField: string
  /** Returns the error for a definition without a name. `index`: the place of the tool in the list. */
  readonly nameless: (index: number) => string
  /** The error for an empty list of tools. Absent: an empty list is allowed. */
  readonly noTools?: string
  /** A name that no tool may have. Absent: every name is allowed. */
  readonly reservedName?: string
  /**
   * Returns the name of the tool that the field `tool_choice` demands, or undefined when it demands none. Called only when the field is
   * present. Throws a `BadRequest` when the field is wrong.
   */
  demanded(body: Fields, offers: readonly Offer[]): { readonly name: unknown } | undefined
}

/** A tool that a request offers the model. */
export interface Offer {
  readonly name: string
  /** A JSON Schema of its arguments. It is not checked. */
  readonly parameters: unknown
}

/**
 * Returns the call that the simulated model makes: of the tool that `tool_choice` demands. Returns undefined when the request demands no tool,
 * and when the request brings the answer of a tool (`answersTool`), so that a loop of calls ends. Throws a `BadRequest` when the tools or the
 * demand are wrong.
 */
export function calledTool(body: Fields, spelling: ToolSpelling, answersTool: boolean): Tool | undefined {
  const offers = offersOf(ownField(body, 'tools'), spelling)
  const demanded = ownField(body, 'tool_choice') === undefined ? undefined : spelling.demanded(body, offers)
  if (!demanded) return undefined
  const offer = offers.find(({ name }) => name === demanded.name)
  if (!offer) throw invalid(`'tool_choice' names a tool that 'tools' lacks: ${show(demanded.name)}`)
  return answersTool ? undefined : { name: offer.name, arguments: argumentsText(offer.parameters) }
}

/** The definitions of the tools as the model reads them: they count as prompt. */
export function toolText(body: Fields): string {
  const tools = ownField(body, 'tools')
  return tools === undefined ? '' : `\n${JSON.stringify(tools)}`
}

/** The longest name of a tool, characters. Answers repeat it. */
const longestName = 200

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
    if (name.length > longestName) throw tooMuch(`a tool has a name of more than ${longestName} characters`)
    if (name === reservedName) throw invalid(`Tool names are not allowed to be [${reservedName}]`)
    return [{ name, parameters: ownField(definition, parametersField) }]
  })
}
