import { type Fields, isObject } from '../../../../src/checks/shape.ts'
import { show } from '../../../../src/core/expect.ts'
import { mediaTokens, templateTokens } from '../../model/tokens.ts'
import { invalid, ownField } from '../../request/body.ts'
import { partsOf, partsText } from '../../request/messages.ts'

export interface ResponsesPrompt {
  readonly prompt: string
  /** Tokens that no text shows: the template around the items, and pictures. */
  readonly extraTokens: number
  /** Whether the last item is what a tool answered. */
  readonly answersTool: boolean
}

/** `input`, a text or a list of items, after `instructions` where there are any. Throws a `BadRequest` for what is neither. */
export function responsesPrompt(input: unknown, instructions: unknown): ResponsesPrompt {
  const items = typeof input === 'string' ? [{ content: input }] : itemsOf(input)
  const texts = items.map(itemText)
  const all = typeof instructions === 'string' ? [instructions, ...texts] : texts
  const pictures = items.flatMap((item) => partsOf(ownField(item, 'content'))).filter(isPicture).length
  return {
    prompt: all.join('\n'),
    extraTokens: templateTokens(all.length) + pictures * mediaTokens,
    answersTool: ownField(items.at(-1)!, 'type') === 'function_call_output',
  }
}

function itemsOf(input: unknown): readonly Fields[] {
  if (!Array.isArray(input)) throw invalid(`'input' must be a string or a list, got ${show(input)}`)
  if (input.length === 0) throw invalid("[] is too short - 'input'")
  return input.map((item: unknown, i) => {
    if (isObject(item)) return item
    throw invalid(`'input.${i}' must be an object, got ${show(item)}`)
  })
}

/** The fields in which the kinds of items have their text: messages, calls of tools, what these answered, and thoughts. */
const textFields = ['content', 'arguments', 'output', 'summary']

function itemText(item: Fields): string {
  return textFields.map((field) => partsText(ownField(item, field))).join('')
}

function isPicture(part: Fields): boolean {
  return ownField(part, 'type') === 'input_image'
}
