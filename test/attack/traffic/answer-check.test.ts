import { describe, expect, test } from 'vitest'
import { answerProblem } from '../../../attack/traffic/answer-check.ts'

const chat = '/compatible-mode/v1/chat/completions'
const id = '0aaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'
const json = { 'x-request-id': id, 'content-type': 'application/json' }
const events = { 'x-request-id': id, 'content-type': 'text/event-stream' }
const error = { message: 'Why', type: 'x', param: null, code: 'x' }

describe('an answer is as documented', () => {
  test.each([
    ['JSON', chat, 200, json, '{}'],
    ['a compatible error', chat, 429, json, JSON.stringify({ error, request_id: id })],
    ['a compatible error that has the id within', chat, 400, json, JSON.stringify({ error: { ...error, id } })],
    ['a native error', '/api/v1/x', 404, json, JSON.stringify({ code: 'x', message: 'Why', request_id: id })],
    [
      'an Anthropic error',
      '/apps/anthropic/v1/messages',
      400,
      json,
      JSON.stringify({ type: 'error', error, request_id: id }),
    ],
    ['a stream', chat, 200, events, 'id:1\nevent:result\n:HTTP_STATUS/200\ndata:{}\n\ndata: [DONE]\n\n'],
  ])('%s', (_, path, status, headers, body) => {
    expect(answerProblem(path, { status, headers, body })).toBeUndefined()
  })
})

describe('an answer contradicts the documentation', () => {
  test.each([
    ['status 418', 418, json, '{}'],
    ['id undefined', 200, { 'content-type': 'application/json' }, '{}'],
    ['content type text/html', 200, { ...json, 'content-type': 'text/html' }, '{}'],
    ['no JSON object', 200, json, ''],
    ['no JSON object', 200, json, '{"a":'],
    ['the id of the header', 400, json, JSON.stringify({ error })],
    ['no envelope', 500, json, JSON.stringify({ error: { ...error, message: '' }, request_id: id })],
    ['ends within a frame', 200, events, 'data: {}\n'],
    ['data that are no JSON', 200, events, 'data: {"a"\n\n'],
    ['no field of an event', 200, events, 'what\n\n'],
  ])('%s', (problem, status, headers, body) => {
    expect(answerProblem(chat, { status, headers, body })).toContain(problem)
  })
})
