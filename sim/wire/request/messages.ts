import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import { mediaTokens, templateTokens } from '../model/tokens.ts'
import { invalid, ownField } from './body.ts'

/** How a protocol spells contents: each is a text, or a list of parts. */
export interface ContentSpelling {
  /** What a model gets of one part. */
  readPart(part: Fields): Content
  /** The error for a content that is neither a text nor a list; `field` names its message. Absent: such a content is taken for empty. */
  readonly notAList?: (field: string) => string
  /** The error for a part that is not an object. Absent: such a part is passed over. */
  readonly notAnObject?: string
}

/** What a model gets of a content, or of a part of one. */
export interface Content {
  readonly text: string
  /** The number of pictures, sounds and films. */
  readonly media: number
}

const empty: Content = { text: '', media: 0 }

/** Reads a content. Throws a `BadRequest` with the error of the spelling. */
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

/** A field that holds a text. Empty where the part has no such field, or something else in it. */
export function textField(part: Fields, name: string): string {
  const text = ownField(part, name)
  return typeof text === 'string' ? text : ''
}

/** What one side has to say before the other side has its turn. */
export interface Turn {
  readonly content: unknown
  /** Text that a model reads after the content, such as calls of tools. Absent: there is none. */
  readonly further?: string
}

/** What all turns together put before a model. */
export interface Conversation {
  readonly prompt: string
  /** Tokens that no text shows: the template around the turns, and pictures, sounds and films. */
  readonly extraTokens: number
  /** The share of these tokens that pictures, sounds and films have. */
  readonly mediaTokens: number
}

/** The text and the size of a conversation. Throws a `BadRequest` for the first content that is wrong. */
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
  /** How an assistant's message calls tools beside its content, which it may then lack. Absent: calls are parts of its content. */
  readonly calls?: { readonly field: string; textOf(call: unknown): string }
}

export interface Message extends Turn {
  readonly role: string
}

/** The messages of a body, in their order. Throws a `BadRequest` for the first that is wrong. */
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

/** Reads a list of objects that is not empty, one after the other. Throws a `BadRequest` for anything else. */
export function readObjects<T>(list: unknown, name: string, read: (object: Fields, index: number) => T): readonly T[] {
  if (!Array.isArray(list) || list.length === 0) throw invalid(`[] is too short - '${name}'`)
  return list.map((each: unknown, i) => {
    if (!isObject(each)) throw invalid(`'${name}.${i}' must be an object, got ${show(each)}`)
    return read(each, i)
  })
}
