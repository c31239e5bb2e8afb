import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { routeOf } from '../../../../sim/wire/handling/routes.ts'
import type { Asked } from '../../../../sim/wire/model/completion.ts'
import { type ContentSpelling, conversationOf, readContent, textField } from '../../../../sim/wire/request/messages.ts'

const spelling: ContentSpelling = {
  readPart: (part) => ({ text: textField(part, 'text'), media: 'picture' in part ? 1 : 0 }),
}
const strict: ContentSpelling = { ...spelling, notAList: (field) => `list ${field}`, notAnObject: 'object' }

/** A part of a content: a text, a picture, both, or something that is no part at all. */
const part = fc.oneof(
  fc.record({ text: fc.string(), picture: fc.constant('p') }, { requiredKeys: [] }),
  fc.constantFrom(null, 1, 'text', [], { text: 5 }),
)

const isPart = (each: unknown) => typeof each === 'object' && each !== null && !Array.isArray(each)

describe('a content', () => {
  property.prop([fc.array(part)])(
    'has the texts of its parts, one after the other, and counts its pictures',
    (parts) => {
      const fields = parts.filter(isPart) as { text?: unknown; picture?: unknown }[]
      let text = ''
      for (const each of fields) if (typeof each.text === 'string') text += each.text
      const expected = { text, media: fields.filter(({ picture }) => picture !== undefined).length }
      expect(readContent(parts, spelling)).toEqual(expected)
      if (parts.every(isPart)) expect(readContent(parts, strict)).toEqual(expected)
      else expect(() => readContent(parts, strict)).toThrow('object')
    },
  )

  test('that is a text is that text, and one that is absent is empty', () => {
    expect(readContent('hello', strict)).toEqual({ text: 'hello', media: 0 })
    expect(readContent(undefined, strict)).toEqual({ text: '', media: 0 })
  })

  test.each([5, true, { text: 'x' }])(
    'that is neither a text nor a list (%j) is empty, or an error that names it',
    (content) => {
      expect(readContent(content, spelling)).toEqual({ text: '', media: 0 })
      const turns = [{ content: 'fine' }, { content }]
      expect(() => conversationOf(turns, strict)).toThrow('list messages.1')
    },
  )
})

/** One message, in a form that each protocol can spell. */
interface PlainMessage {
  readonly texts: readonly string[]
  readonly pictures: number
}

const headers: Readonly<Record<string, string>> = {}

function read(path: string, body: object): Asked {
  const request = { method: 'POST', path, query: '', header: (name: string) => headers[name], body: '' }
  const route = routeOf(request)
  if (!('protocol' in route)) throw new Error(`no protocol at ${path}`)
  return route.protocol.read({ ...body }, request)
}

const chatPath = '/compatible-mode/v1/chat/completions'
const model = 'qwen-plus'

/** Puts a conversation into the words of each protocol, and reads it. */
const protocols: readonly ((conversation: readonly PlainMessage[]) => Asked)[] = [
  (conversation) => {
    const content = partsOf((text) => ({ type: 'text', text }), { type: 'image_url', image_url: { url: 'u' } })
    return read(chatPath, { model, messages: conversation.map((each) => ({ role: 'user', content: content(each) })) })
  },
  (conversation) => {
    const content = partsOf((text) => ({ text }), { image: 'u' })
    const messages = conversation.map((each) => ({ role: 'user', content: content(each) }))
    return read('/api/v1/services/aigc/multimodal-generation/generation', { model, input: { messages } })
  },
  (conversation) => {
    const content = partsOf((text) => ({ type: 'text', text }), { type: 'image', source: {} })
    const messages = conversation.map((each) => ({ role: 'user', content: content(each) }))
    return read('/apps/anthropic/v1/messages', { model, max_tokens: 10, messages })
  },
  (conversation) => {
    const content = partsOf((text) => ({ type: 'input_text', text }), { type: 'input_image', image_url: 'u' })
    const input = conversation.map((each) => ({ role: 'user', content: content(each) }))
    return read('/compatible-mode/v1/responses', { model, input })
  },
]

function partsOf(text: (text: string) => object, picture: object): (conversation: PlainMessage) => readonly object[] {
  return ({ texts, pictures }) => [...texts.map(text), ...Array.from({ length: pictures }, () => picture)]
}

property.prop([
  fc.array(fc.record({ texts: fc.array(fc.string(), { maxLength: 3 }), pictures: fc.nat(2) }), {
    minLength: 1,
    maxLength: 4,
  }),
])('all protocols read the same conversation alike', (conversation) => {
  const prompt = conversation.map(({ texts }) => texts.join('')).join('\n')
  const pictures = conversation.reduce((sum, each) => sum + each.pictures, 0)
  for (const protocol of protocols)
    expect(protocol(conversation)).toMatchObject({ prompt, extraTokens: 3 + 5 * conversation.length + 1250 * pictures })
})
