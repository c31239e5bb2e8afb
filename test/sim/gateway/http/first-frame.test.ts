import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { errorCode, firstFrameEnd, frameError } from '../../../../sim/gateway/http/first-frame.ts'

const lineBreak = fc.constantFrom('\n', '\r\n')
const comment = fc.constantFrom(': wait', 'id: 1', 'event: message', ':')

describe('the first frame of a stream', () => {
  property.prop([
    fc.array(comment, { maxLength: 3 }),
    fc.array(comment, { maxLength: 2 }),
    fc.stringMatching(/^[ -~]*$/),
    lineBreak,
  ])('ends with the empty line after its data, and not before', (before, around, data, end) => {
    const comments = before.map((line) => line + end + end).join('')
    const frame = [...around, `data: ${data}`, ...around, '', ''].join(end)
    const stream = comments + frame
    expect(firstFrameEnd(`${stream}data: more${end}${end}`)).toBe(stream.length)
    for (let length = 0; length < stream.length; length++)
      expect(firstFrameEnd(stream.slice(0, length))).toBeUndefined()
  })

  test.each<[data: string, code: string, status: number]>([
    ['{"error":{"code":"limit_requests","message":"…"}}', 'limit_requests', 429],
    ['{"error":{"code":null,"type":"overloaded_error"}}', 'overloaded_error', 500],
    ['{"error":{}}', '', 500],
    ['{"error":"no"}', '', 500],
    ['{"code":"Arrearage","message":"…","request_id":"…"}', 'Arrearage', 400],
    ['{"type":"error","message":"…"}', '', 500],
  ])('is an error: %s', (data, code, status) => {
    expect(frameError(`: hi\n\nid: 1\ndata: ${data}\n\ndata: {}\n\n`)).toEqual({ code, status })
    expect(frameError(`data:${data}\r\n\r\n`)).toEqual({ code, status })
  })

  test.each([
    '{"choices":[],"error":null}',
    '{"output":{},"code":"","message":""}',
    '{"type":"message_start","message":{}}',
    '[{"error":{}}]',
    '"error"',
    'error',
    '[DONE]',
    '',
  ])('is none: %s', (data) => {
    expect(frameError(`data: ${data}\n\ndata: {"error":{}}\n\n`)).toBeUndefined()
  })

  test('is not known to be an error before it is complete', () => {
    expect(frameError('data: {"error":{}')).toBeUndefined()
    expect(frameError('')).toBeUndefined()
  })
})

test('the code of an error that nests without end is none', () => {
  expect(errorCode(`{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)).toBeUndefined()
})
