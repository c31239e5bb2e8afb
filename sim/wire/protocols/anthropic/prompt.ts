import { type Fields, isObject } from '../../../../src/checks/shape.ts'
import { ownField } from '../../request/body.ts'
import {
  type ContentSpelling,
  type Conversation,
  conversationOf,
  type MessageSpelling,
  messagesField,
  readContent,
  textField,
} from '../../request/messages.ts'

/** What a model reads in a request of the Messages protocol. */
export interface AnthropicPrompt extends Conversation {
  /** Whether the last message brings the answer of a tool. */
  readonly answersTool: boolean
}

const messageSpelling: MessageSpelling = { roles: ['user', 'assistant'] }

/** Contents that are lists of blocks. In the blocks of tools a model reads their arguments and their answers. */
const blocks: ContentSpelling = {
  readPart(block) {
    const type = ownField(block, 'type')
    if (type === 'tool_use') return { text: JSON.stringify(ownField(block, 'input') ?? {}), media: 0 }
    if (type === 'tool_result') return readContent(ownField(block, 'content'), resultBlocks)
    return { text: textField(block, type === 'thinking' ? 'thinking' : 'text'), media: type === 'image' ? 1 : 0 }
  },
  notAList: () => 'The content field should be a string or a list of blocks.',
  notAnObject: 'The content field should be a list of blocks that are objects.',
}

/** The answer of a tool: texts and pictures. Everything else in it is ignored. */
const resultBlocks: ContentSpelling = {
  readPart: (block) => ({ text: textField(block, 'text'), media: ownField(block, 'type') === 'image' ? 1 : 0 }),
}

/** Reads the system prompt and the messages. Throws a `BadRequest` for the first of them that is wrong. */
export function anthropicPrompt(body: Fields): AnthropicPrompt {
  const messages = messagesField(body, messageSpelling)
  const system = ownField(body, 'system')
  const turns = system === undefined ? messages : [{ content: system }, ...messages]
  return { ...conversationOf(turns, blocks), answersTool: bringsResult(messages.at(-1)!.content) }
}

function bringsResult(content: unknown): boolean {
  return Array.isArray(content) && content.some((block) => isObject(block) && ownField(block, 'type') === 'tool_result')
}
