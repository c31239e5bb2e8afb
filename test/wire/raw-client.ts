import { connect, type Socket } from 'node:net'

/** A connection that speaks bytes. */
export interface RawClient {
  readonly socket: Socket
  send(text: string | Buffer): RawClient
  /** All that has been heard so far. */
  heard(): string
  /** Resolves when what has been heard holds the text; rejects when the connection closes before. */
  until(text: string): Promise<string>
  /** Resolves with all that has been heard when the connection is closed, however. */
  closed(): Promise<string>
}

export function rawClient(port: number): RawClient {
  const socket = connect(port, '127.0.0.1')
  const pieces: string[] = []
  const heard = () => pieces.join('')
  const over = new Promise<string>((resolve) => socket.on('close', () => resolve(heard())))
  // A reset is one way of being closed.
  socket.on('error', () => {})
  socket.on('data', (bytes) => pieces.push(bytes.toString('latin1')))
  const client: RawClient = {
    socket,
    send(text) {
      socket.write(text)
      return client
    },
    heard,
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = () => heard().includes(text) && resolve(heard())
        socket.on('data', look)
        socket.on('close', () => reject(new Error(`Expected to hear ${text}, heard only ${heard()}`)))
        look()
      }),
    closed: () => over,
  }
  return client
}

/** A request to chat, as bytes. */
export function chatRequest(body: string, headers: readonly string[] = []): string {
  const all = [
    'host: mock',
    'authorization: Bearer sk-ratelab',
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
  ]
  return `POST /compatible-mode/v1/chat/completions HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${body}`
}

export function chatBody(fields: object = {}): string {
  return JSON.stringify({ model: 'qwen-plus', messages: [{ role: 'user', content: 'Hello there' }], ...fields })
}
