import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import { mediaTokens, templateTokens } from '../model/tokens.ts'
import { invalid, ownField } from './body.ts'

export interface Message {
  readonly role: string
  readonly content: unknown
  /** What it calls tools with, as text. Absent: it calls none. */
  readonly calls?: string
}

/** What messages put before a model. */
export interface Conversation {
  readonly prompt: string
  /** Tokens that no text shows: the template around the messages, and pictures, sound and film. */
  readonly extraTokens: number
  /** Of these, those of pictures, sound and film. */
  readonly mediaTokens: number
}

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function']

/** The messages of a chat, in their order. Throws a `BadRequest` in the service's words for the first that is wrong. */
export function messagesField(body: Fields): readonly Message[] {
  const messages = ownField(body, 'messages')
  if (!Array.isArray(messages) || messages.length === 0) throw invalid("[] is too short - 'messages'")
  let canAnswerTools = false
  return messages.map((message: unknown, i) => {
    if (!isObject(message)) throw invalid(`'messages.${i}' must be an object, got ${show(message)}`)
    const role = ownField(message, 'role')
    if (typeof role !== 'string' || !roles.includes(role))
      throw invalid(
        `${show(role)} is not one of [${roles.map((each) => `'${each}'`).join(', ')}] - 'messages.${i}.role'`,
      )
    const content = ownField(message, 'content')
    const calls = ownField(message, 'tool_calls')
    const callsTools = role === 'assistant' && Array.isArray(calls) && calls.length > 0
    if (content === undefined && role !== 'assistant') throw invalid('The content field is a required field.')
    if (role === 'tool' && !canAnswerTools)
      throw invalid('messages with role "tool" must be a response to a preceeding message with "tool_calls".')
    if (role !== 'tool') canAnswerTools = callsTools
    return { role, content, ...(callsTools && { calls: calls.map(callText).join('') }) }
  })
}

/** The text and the size of a chat. */
export function conversationOf(messages: readonly Message[]): Conversation {
  let media = 0
  const texts = messages.map(({ content, calls = '' }, i) => {
    media += mediaParts(content)
    return contentText(content, `messages.${i}`) + calls
  })
  const tokens = media * mediaTokens
  return { prompt: texts.join('\n'), extraTokens: templateTokens(messages.length) + tokens, mediaTokens: tokens }
}

/** The name and the arguments of a call: what a model reads of it. */
function callText(call: unknown): string {
  const called = isObject(call) ? ownField(call, 'function') : undefined
  if (!isObject(called)) return ''
  return [ownField(called, 'name'), ownField(called, 'arguments')].filter((each) => typeof each === 'string').join('')
}

/** The text of a message's content: a string, or a list of parts of which only the texts count. */
export function contentText(content: unknown, field = 'messages'): string {
  if (typeof content === 'string') return content
  if (content === undefined || content === null) return ''
  if (!Array.isArray(content)) throw invalid(`Input should be a valid string: input.${field}.content`)
  return content.map(partText).join('')
}

function partText(part: unknown): string {
  if (!isObject(part))
    throw invalid('The provided messages input is invalid. The error info is [Unexpected item type in content]')
  const text = ownField(part, 'text')
  return typeof text === 'string' ? text : ''
}

const mediaKinds = ['image_url', 'image', 'video_url', 'video', 'input_audio', 'audio']

/** How many parts are not text: the compatible protocol names their kind by its field too, the native one by nothing else. */
function mediaParts(content: unknown): number {
  if (!Array.isArray(content)) return 0
  return content.filter((part) => isObject(part) && mediaKinds.some((kind) => ownField(part, kind) !== undefined))
    .length
}

/** The parts of a content that is a list of them; of any other there are none. */
export function partsOf(content: unknown): readonly Fields[] {
  return Array.isArray(content) ? content.filter(isObject) : []
}

/** The text of a content: a text, or a list of parts of which only the texts count. */
export function partsText(content: unknown): string {
  if (typeof content === 'string') return content
  return partsOf(content)
    .map((part) => ownField(part, 'text'))
    .filter((text) => typeof text === 'string')
    .join('')
}
