import { describe, expect, test } from 'vitest'
import { readReplies } from '../../../attack/traffic/http-replies.ts'

const reply = (head: string, body = '') => `HTTP/1.1 ${head}\r\n\r\n${body}`

describe('the replies of a connection', () => {
  test('are read one after the other, whatever ends their bodies', () => {
    const bytes = [
      reply('100 Continue'),
      reply('200 OK\r\ncontent-length: 5', 'hello'),
      reply('200 OK\r\nTransfer-Encoding: chunked', '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'),
      reply('204 No Content'),
      reply('400 Bad Request\r\nconnection: close', 'until the end'),
    ].join('')
    const { replies, rest, problem } = readReplies(bytes)
    expect(replies.map(({ status, body }) => [status, body])).toEqual([
      [200, 'hello'],
      [200, 'abcde'],
      [204, ''],
      [400, 'until the end'],
    ])
    expect([rest, problem]).toEqual(['', undefined])
  })

  test.each([
    'HTTP/1.1 20',
    reply('200 OK\r\ncontent-length: 5', 'hell'),
    reply('200 OK\r\ntransfer-encoding: chunked', '3\r\nabc\r\n'),
    reply('200 OK\r\ntransfer-encoding: chunked', '3\r\nab'),
  ])('are not complete: %j', (bytes) => {
    expect(readReplies(bytes)).toEqual({ replies: [], rest: bytes })
  })

  test('of HEAD have no body, and without a length end only with the connection', () => {
    expect(readReplies(reply('200 OK\r\ncontent-length: 5'), { isHead: true }).replies).toHaveLength(1)
    expect(readReplies(reply('200 OK', 'abc'), { isOver: false }).replies).toHaveLength(0)
  })

  test.each([
    ['HTTP/2 200\r\n\r\n', 'no status line'],
    ['HTTP/1.1 700 Seven\r\n\r\n', 'no status line'],
    [reply('200 OK\r\na b: c'), 'no header'],
    [reply('200 OK\r\nx: a\0b'), 'no header'],
    [reply('200 OK\r\ncontent-length: 1\r\nContent-Length: 2', 'a'), 'twice'],
    [reply('200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked', 'a'), 'a length of content and chunks'],
    [reply('200 OK\r\ncontent-length: -1'), 'a length of -1'],
    [reply('200 OK\r\ntransfer-encoding: chunked', 'zz\r\n'), 'the size of a chunk'],
    [reply('200 OK\r\ntransfer-encoding: chunked', '1\r\nabc\r\n'), 'does not end with a line break'],
  ])('are malformed: %j', (bytes, problem) => {
    expect(readReplies(bytes).problem).toContain(problem)
  })
})
