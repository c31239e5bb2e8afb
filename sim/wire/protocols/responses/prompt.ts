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

export interface ResponsesPrompt extends Conversation {
  /** Whether the last item is what a tool answered. */
  readonly answersTool: boolean
}

/** Whatever the documentation does not list is passed over. */
const parts: ContentSpelling = {
  readPart: (part) => ({ text: textField(part, 'text'), media: ownField(part, 'type') === 'input_image' ? 1 : 0 }),
}

/** The fields in which items that are no messages have their text: calls of tools, what these answered, and thoughts. */
const furtherFields = ['arguments', 'output', 'summary']

/** `input`, a text or a list of items, after `instructions` where there are any. Throws a `BadRequest` for an input that is neither. */
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
