import { show } from '../../../src/core/expect.ts'
import type { Tool } from '../protocols/protocol.ts'
import { invalid } from './fields.ts'
import { argumentsText } from './json-mode.ts'

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
