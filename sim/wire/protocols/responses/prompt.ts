import type { Fields } from '../../../../src/checks/shape.ts'
import { show } from '../../../../src/core/expect.ts'
import { invalid, ownField } from '../../request/body.ts'
import {
  type ContentSpelling,
  type Conversation,
  conversationOf,
  readContent,
  readObjects,
  type Turn,
  textField,
} from '../../request/messages.ts'

/** What a model reads in a request of the Responses protocol. */
export interface ResponsesPrompt extends Conversation {
  /** Whether the last item is the answer of a tool. */
  readonly answersTool: boolean
}

/** Contents that are texts, or lists of texts and pictures. Everything else in them is ignored, as the service does. */
const parts: ContentSpelling = {
  readPart: (part) => ({ text: textField(part, 'text'), media: ownField(part, 'type') === 'input_image' ? 1 : 0 }),
}

/** The fields that hold the text of items that are not messages: calls of tools, answers of tools, and thoughts. */
const furtherFields = ['arguments', 'output', 'summary']

/** Reads `instructions` and `input`, which is a text or a list of items. Throws a `BadRequest` for any other input. */
export function responsesPrompt(input: unknown, instructions: unknown): ResponsesPrompt {
  const items = typeof input === 'string' ? [{ content: input }] : itemsOf(input)
  const turns = items.map(turnOf)
  const all = typeof instructions === 'string' ? [{ content: instructions }, ...turns] : turns
  return {
    ...conversationOf(all, parts),
    answersTool: ownField(items.at(-1)!, 'type') === 'function_call_output',
  }
}

function itemsOf(input: unknown): readonly Fields[] {
  if (!Array.isArray(input)) throw invalid(`'input' must be a string or a list, got ${show(input)}`)
  return readObjects(input, 'input', (item) => item)
}

function turnOf(item: Fields): Turn {
  const further = furtherFields.map((field) => readContent(ownField(item, field), parts).text).join('')
  return { content: ownField(item, 'content'), further }
}
