import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { invalid, ownField } from '../request/body.ts'
import { type ContentSpelling, type MessageSpelling, textField } from '../request/messages.ts'
import type { ToolSpelling } from '../request/tools.ts'

// The native protocol spells messages and tools as OpenAI's chat protocol does, so that both use these.

/** The roles of a chat, and its calls of tools. */
export const chatMessages: MessageSpelling = {
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  calls: {
    field: 'tool_calls',
    textOf(call) {
      const called = functionIn(call)
      return textField(called, 'name') + textField(called, 'arguments')
    },
  },
}

/** The fields that mark a part as a picture, a sound or a film. The compatible protocol has a `type` beside the field, the native one has not. */
const mediaFields = ['image_url', 'image', 'video_url', 'video', 'input_audio', 'audio']

/** Contents that are texts, or lists of texts, pictures, sounds and films. */
export const chatContents: ContentSpelling = {
  readPart: (part) => ({
    text: textField(part, 'text'),
    media: mediaFields.some((field) => ownField(part, field) !== undefined) ? 1 : 0,
  }),
  notAList: (field) => `Input should be a valid string: input.${field}.content`,
  notAnObject: 'The provided messages input is invalid. The error info is [Unexpected item type in content]',
}

/** Tools that are functions. A choice demands one of them by its name. */
export const chatTools: ToolSpelling = {
  definitionOf: functionIn,
  parametersField: 'parameters',
  nameless: (index) => `'tools.${index}.function.name' must be a text that is not empty`,
  noTools: "[] is too short - 'tools'",
  reservedName: 'search',
  demanded(body) {
    const choice = ownField(body, 'tool_choice')
    if (choice === 'none' || choice === 'auto') return undefined
    if (!isObject(choice)) throw invalid('tool_choice is one of the strings that should be ["none", "auto"]')
    return { name: ownField(functionIn(choice), 'name') }
  },
}

/** The object in the field `function` of a tool, a call or a choice. An empty object when there is none. */
function functionIn(value: unknown): Fields {
  const found = isObject(value) ? ownField(value, 'function') : undefined
  return isObject(found) ? found : {}
}
