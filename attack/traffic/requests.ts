import type { WireRequest } from '../../sim/ratelab-mock.ts'

export const chatAddress = '/compatible-mode/v1/chat/completions'

/** The key that a server knows when none is named. */
export const knownKey = 'sk-ratelab'

/** The bytes of a request with a body, for a connection that is kept. */
export function requestBytes(path: string, body: string, headers: readonly string[] = [], method = 'POST'): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Bearer ${knownKey}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** The body of a chat request with a short prompt. */
export function chatOf(fields: object = {}): string {
  return JSON.stringify({ model: 'qwen-plus', messages: [{ role: 'user', content: 'Hello there' }], ...fields })
}

/** A request of the fuzz as bytes, or undefined when it cannot be written as HTTP. */
export function bytesOf({ method, path, query, header, body }: WireRequest): Buffer | undefined {
  if (!/^[A-Z]+$/.test(method) || !path.startsWith('/')) return undefined
  const names = ['authorization', 'x-dashscope-sse', 'x-dashscope-wait-timeout', 'x-dashscope-workspace', 'x-api-key']
  const headers = names.flatMap((name) => {
    const value = header(name)
    return value === undefined ? [] : [`${name}: ${value}`]
  })
  const target = query === '' ? path : `${path}?${query}`
  const lines = [`${method} ${target} HTTP/1.1`, 'host: 127.0.0.1', `content-length: ${Buffer.byteLength(body)}`]
  return Buffer.from(`${[...lines, ...headers].join('\r\n')}\r\n\r\n${body}`)
}
