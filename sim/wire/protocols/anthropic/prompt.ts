import { type Fields, isObject } from '../../../../src/checks/shape.ts'
import { show } from '../../../../src/core/expect.ts'
import { mediaTokens, templateTokens } from '../../model/tokens.ts'
import { invalid, jsonText, ownField } from '../../request/body.ts'
import { partsOf, partsText } from '../../request/messages.ts'

export interface AnthropicPrompt {
  readonly prompt: string
  /** Tokens that no text shows: the template around the messages, and pictures. */
  readonly extraTokens: number
  /** Whether the last message brings what a tool answered. */
  readonly answersTool: boolean
}

const roles: readonly unknown[] = ['user', 'assistant']

/** The system prompt and the messages, with the text of every kind of block. Throws a `BadRequest` for the first that is wrong. */
export function anthropicPrompt(body: Fields): AnthropicPrompt {
  const messages = ownField(body, 'messages')
  if (!Array.isArray(messages) || messages.length === 0) throw invalid("[] is too short - 'messages'")
  const system = ownField(body, 'system')
  const contents = messages.map((message: unknown, i) => {
    if (!isObject(message)) throw invalid(`'messages.${i}' must be an object, got ${show(message)}`)
    const role = ownField(message, 'role')
    if (!roles.includes(role)) throw invalid(`${show(role)} is not one of ['user', 'assistant'] - 'messages.${i}.role'`)
    const content = ownField(message, 'content')
    if (content === undefined) throw invalid('The content field is a required field.')
    return content
  })
  const all = system === undefined ? contents : [system, ...contents]
  return {
    prompt: all.map((content) => contentText(content)).join('\n'),
    extraTokens: templateTokens(all.length) + all.reduce<number>((sum, each) => sum + images(each), 0) * mediaTokens,
    answersTool: partsOf(contents.at(-1)).some((block) => ownField(block, 'type') === 'tool_result'),
  }
}

/** A text, or a list of blocks. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw invalid('The content field should be a string or a list of blocks.')
  if (!content.every(isObject)) throw invalid('The content field should be a list of blocks that are objects.')
  return content.map(blockText).join('')
}

/** The text that a model reads of a block: of tools, what they were given and what they answered. */
function blockText(block: Fields): string {
  const type = ownField(block, 'type')
  if (type === 'tool_use') return jsonText(ownField(block, 'input') ?? {})
  if (type === 'tool_result') return partsText(ownField(block, 'content'))
  const text = ownField(block, type === 'thinking' ? 'thinking' : 'text')
  return typeof text === 'string' ? text : ''
}

/** Pictures, those among what a tool answered included. */
function images(content: unknown): number {
  return partsOf(content)
    .flatMap((block) => [
      block,
      ...(ownField(block, 'type') === 'tool_result' ? partsOf(ownField(block, 'content')) : []),
    ])
    .filter((block) => ownField(block, 'type') === 'image').length
}
