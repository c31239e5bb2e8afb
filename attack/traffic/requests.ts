export const chatAddress = '/compatible-mode/v1/chat/completions'

/** The key that a server knows when none is named. */
export const knownKey = 'sk-ratelab'

/** The bytes of a message with these headers, and with those that every message has. */
export function messageBytes(method: string, target: string, headers: readonly string[], body: string): Buffer {
  const length = `content-length: ${Buffer.byteLength(body)}`
  const lines = [`${method} ${target} HTTP/1.1`, 'host: 127.0.0.1', length, ...headers]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** The bytes of a request with the known key and a body of JSON. */
export function requestBytes(path: string, body: string, headers: readonly string[] = [], method = 'POST'): Buffer {
  const own = [`authorization: Bearer ${knownKey}`, 'content-type: application/json']
  return messageBytes(method, path, [...own, ...headers], body)
}

/** The body of a chat request with a short prompt. */
export function chatOf(fields: object = {}): string {
  return JSON.stringify({ model: 'qwen-plus', messages: [{ role: 'user', content: 'Hello there' }], ...fields })
}
