import { describe, expect, test } from 'vitest'
import { bodiesWith, bodiesWithField } from '../../../attack/traffic/hostile-request.ts'
import { chatPath, protocolRig, type Question } from '../wire/protocols/protocol-rig.ts'

const megabyte = 'x'.repeat(1_000_000)
/** The longest reply to a request that is wrong, or whose answer has few tokens, characters. */
const longestReply = 10_000

async function lengthOf(question: Question): Promise<number> {
  const { ask } = protocolRig({ profile: 'cn-beijing', wire: { answerTokens: 6 } })
  const { status, headers, text } = await ask(question)
  expect([200, 400, 401, 403, 404, 405]).toContain(status)
  return text.length + JSON.stringify(headers).length
}

const streaming = { 'x-dashscope-sse': 'enable' }

describe('a text of a megabyte is not repeated by the reply', () => {
  test.each([
    ...bodiesWith(JSON.stringify(megabyte)),
    ...bodiesWith(JSON.stringify([megabyte])),
    ...bodiesWith(JSON.stringify({ type: megabyte, name: megabyte, effort: megabyte, function: { name: megabyte } })),
    ...bodiesWithField(megabyte),
  ])('%s, %s', async (path, _place, body) => {
    expect(await lengthOf({ path, body })).toBeLessThan(longestReply)
    const streamed = body.replace('"stream":false', '"stream":true')
    expect(await lengthOf({ path, headers: streaming, body: streamed })).toBeLessThan(longestReply)
  })

  const chat = { model: 'qwen-plus', messages: [{ role: 'user', content: 'json' }] }
  const body = { ...chat, input: { messages: chat.messages } }
  const native = '/api/v1/services/aigc/text-generation/generation'
  const responses = '/compatible-mode/v1/responses'
  const anthropic = '/apps/anthropic/v1/messages'

  test.each<[string, Question]>([
    ...['stop', 'tool_choice', 'response_format', 'encoding_format', 'prompt', 'top_p', 'seed', 'n'].flatMap(
      (name): [string, Question][] => [
        [name, { path: chatPath, body: { ...body, [name]: megabyte } }],
        [name, { path: native, body: { ...body, parameters: { [name]: megabyte } } }],
      ],
    ),
    ['a format', { path: chatPath, body: { ...chat, response_format: { type: megabyte } } }],
    ['a result format', { path: native, body: { ...body, parameters: { result_format: megabyte } } }],
    ['a stop word', { path: anthropic, body: { ...chat, max_tokens: 9, stop_sequences: [megabyte] } }],
    ...['metadata', 'reasoning', 'tool_choice', 'store', 'instructions', 'previous_response_id', 'user'].flatMap(
      (name): [string, Question][] => [
        [name, { path: responses, body: { ...chat, input: 'a', stream: true, [name]: megabyte } }],
        [name, { path: responses, body: { ...chat, input: 'a', stream: true, [name]: { a: megabyte } } }],
      ],
    ),
    ['an effort', { path: responses, body: { ...chat, input: 'a', reasoning: { effort: megabyte } } }],
    ['efforts', { path: responses, body: { ...chat, input: 'a', reasoning: { effort: [megabyte] } } }],
    ['an operation', { path: '/api/v1/models/limits', body: { models: [{ ...chat, operation_type: megabyte }] } }],
    ['a model of limits', { path: '/api/v1/models/limits', body: { models: [{ model: megabyte }] } }],
    ['a path', { path: `/${megabyte}`, body: chat }],
    ['the id of a model', { method: 'GET', path: `/compatible-mode/v1/models/${megabyte}` }],
    ['a wrong method for the id of a model', { path: `/compatible-mode/v1/models/${megabyte}` }],
    ['a method', { method: megabyte, path: chatPath, body: chat }],
    ['a query', { method: 'GET', path: '/api/v1/models/limits', query: `model=${megabyte}&page_no=${megabyte}` }],
    ...['authorization', 'x-api-key', 'x-dashscope-workspace', 'x-dashscope-wait-timeout', 'accept'].map(
      (name): [string, Question] => [name, { path: chatPath, headers: { [name]: `Bearer ${megabyte}` }, body: chat }],
    ),
  ])('%s', async (_name, question) => {
    expect(await lengthOf(question)).toBeLessThan(longestReply)
  })
})
