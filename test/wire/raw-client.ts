import { connect, type Socket } from 'node:net'
import { chatAddress, chatOf, requestBytes } from '../../attack/traffic/requests.ts'

/** A connection over which raw bytes are sent and received. */
export interface RawClient {
  readonly socket: Socket
  send(text: string | Buffer): RawClient
  /** All bytes received so far. */
  heard(): string
  /** Resolves when the received bytes hold the text. Rejects when the connection closes before. */
  until(text: string): Promise<string>
  /** Resolves with all received bytes when the connection is closed, also by a reset. */
  closed(): Promise<string>
}

export function rawClient(port: number): RawClient {
  const socket = connect(port, '127.0.0.1')
  const pieces: string[] = []
  const heard = () => pieces.join('')
  const over = new Promise<string>((resolve) => socket.on('close', () => resolve(heard())))
  // A reset closes the connection, too.
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

export { chatOf as chatBody }

/** A chat request as text. */
export function chatRequest(body: string, headers: readonly string[] = []): string {
  return requestBytes(chatAddress, body, headers).toString()
}
