import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import { mediaTokens, templateTokens } from '../model/tokens.ts'
import { invalid, ownField } from './body.ts'

/** How a protocol spells the contents of messages. A content is a text, or a list of parts. */
export interface ContentSpelling {
  /** Returns what a model reads in one part. */
  readPart(part: Fields): Content
  /** Returns the error for a content that is neither a text nor a list. `field` names its message. Absent: such a content counts as empty. */
  readonly notAList?: (field: string) => string
  /** The error for a part that is not an object. Absent: such a part is ignored. */
  readonly notAnObject?: string
}

/** What a model reads in a content, or in one part of it. */
export interface Content {
  readonly text: string
  /** The number of pictures, sounds and films. */
  readonly media: number
}

const empty: Content = { text: '', media: 0 }

/** Reads a content. Throws a `BadRequest` when it is wrong and the spelling has an error for that. */
export function readContent(content: unknown, spelling: ContentSpelling, field = ''): Content {
  if (typeof content === 'string') return { text: content, media: 0 }
  if (content === undefined) return empty
  const { notAList, notAnObject } = spelling
  if (!Array.isArray(content)) {
    if (notAList) throw invalid(notAList(field))
    return empty
  }
  const parts = content.filter(isObject)
  if (notAnObject !== undefined && parts.length < content.length) throw invalid(notAnObject)
  const read = parts.map((part) => spelling.readPart(part))
  return { text: read.map(({ text }) => text).join(''), media: read.reduce((sum, { media }) => sum + media, 0) }
}

/** Returns the text in a field. Returns an empty text when the field is absent or holds something else. */
export function textField(part: Fields, name: string): string {
  const text = ownField(part, name)
  return typeof text === 'string' ? text : ''
}

/** One message, or another piece of a conversation, such as a system prompt. */
export interface Turn {
  readonly content: unknown
  /** Text that a model reads after the content, such as calls of tools. Default: none. */
  readonly further?: string
}

/** What a model reads in all turns together. */
export interface Conversation {
  readonly prompt: string
  /** Tokens beside those of the text: for the template around the turns, and for pictures, sounds and films. */
  readonly extraTokens: number
  /** The part of `extraTokens` that is for pictures, sounds and films. */
  readonly mediaTokens: number
}

/** Reads all turns of a conversation. Throws a `BadRequest` for the first content that is wrong. */
export function conversationOf(turns: readonly Turn[], spelling: ContentSpelling): Conversation {
  let media = 0
  const texts = turns.map(({ content, further = '' }, i) => {
    const read = readContent(content, spelling, `messages.${i}`)
    media += read.media
    return read.text + further
  })
  const tokens = media * mediaTokens
  return { prompt: texts.join('\n'), extraTokens: templateTokens(turns.length) + tokens, mediaTokens: tokens }
}

/** How a protocol spells messages. */
export interface MessageSpelling {
  readonly roles: readonly string[]
  /**
   * How a message of the assistant calls tools in a field of its own. Such messages need no content. Absent: calls of tools are parts of the
   * content.
   */
  readonly calls?: { readonly field: string; textOf(call: unknown): string }
}

/** A message of a chat. */
export interface Message extends Turn {
  readonly role: string
}

/** Reads the messages of a body. Throws a `BadRequest` for the first message that is wrong. */
export function messagesField(body: Fields, { roles, calls: spelledCalls }: MessageSpelling): readonly Message[] {
  let canAnswerTools = false
  return readObjects(ownField(body, 'messages'), 'messages', (message, i) => {
    const role = ownField(message, 'role')
    if (typeof role !== 'string' || !roles.includes(role))
      throw invalid(
        `${show(role)} is not one of [${roles.map((each) => `'${each}'`).join(', ')}] - 'messages.${i}.role'`,
      )
    const content = ownField(message, 'content')
    const mayCall = spelledCalls !== undefined && role === 'assistant'
    if (content === undefined && !mayCall) throw invalid('The content field is a required field.')
    if (role === 'tool' && !canAnswerTools)
      throw invalid('messages with role "tool" must be a response to a preceeding message with "tool_calls".')
    const calls = mayCall ? ownField(message, spelledCalls.field) : undefined
    const callsTools = Array.isArray(calls) && calls.length > 0
    if (role !== 'tool') canAnswerTools = callsTools
    return { role, content, ...(callsTools && { further: calls.map(spelledCalls!.textOf).join('') }) }
  })
}

/** Reads the objects of a list one after the other. Throws a `BadRequest` for an empty list, and for the first entry that is not an object. */
export function readObjects<T>(list: unknown, name: string, read: (object: Fields, index: number) => T): readonly T[] {
  if (!Array.isArray(list) || list.length === 0) throw invalid(`[] is too short - '${name}'`)
  return list.map((each: unknown, i) => {
    if (!isObject(each)) throw invalid(`'${name}.${i}' must be an object, got ${show(each)}`)
    return read(each, i)
  })
}
