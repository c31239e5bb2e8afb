import { createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { systemClock } from '../../src/ratelab.ts'

/** An upstream that misbehaves as the `model` of each request says. */
export interface EvilUpstream {
  readonly port: number
  /** The first lines of all requests that have reached it. */
  readonly targets: readonly string[]
  close(): void
}

/** Answers a request on a raw connection. `key` is what the request has as its key. */
type Misbehaviour = (socket: Socket, key: string) => void

const reply = (head: string, body: string | Buffer = '') =>
  Buffer.concat([Buffer.from(`HTTP/1.1 ${head}\r\n\r\n`), Buffer.from(body)])
const json = 'content-type: application/json'
const events = 'content-type: text/event-stream\r\ntransfer-encoding: chunked'
const good = JSON.stringify({
  choices: [{ message: { role: 'assistant', content: 'Hello' } }],
  usage: { total_tokens: 2 },
})
const whole = (status: string, body: string | Buffer, more = '') =>
  reply(`${status}\r\n${json}\r\ncontent-length: ${Buffer.byteLength(body)}${more}`, body)
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const frame = 'data: {"choices":[{"delta":{"content":"x"}}]}\n\n'

/** Sends these bytes, and closes the connection. */
const says =
  (bytes: string | Buffer): Misbehaviour =>
  (socket) =>
    void socket.end(bytes)

/** Sends these bytes, and leaves the connection open. */
const saysAndHangs =
  (bytes: string | Buffer): Misbehaviour =>
  (socket) =>
    void socket.write(bytes)

/** Sends this text again and again until the connection is closed, as fast as it is read or with a wait between two pieces. */
const repeats =
  (first: string | Buffer, again: string, wait = 0): Misbehaviour =>
  async (socket) => {
    socket.write(first)
    while (!socket.destroyed) {
      const isTaken = socket.write(again)
      if (!isTaken) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve))
      await systemClock.sleep(wait)
    }
  }

/** What the upstream can do wrong. */
export const misbehaviours: Readonly<Record<string, Misbehaviour>> = {
  good: says(whole('200 OK', good)),
  'says nothing': () => {},
  'closes at once': (socket) => void socket.end(),
  'resets at once': (socket) => void socket.resetAndDestroy(),
  'speaks no HTTP': says('220 mail ready\r\n'),
  'sends half a head': says('HTTP/1.1 200 OK\r\ncontent-le'),
  'sends half a head and hangs': saysAndHangs('HTTP/1.1 200 OK\r\ncontent-le'),
  'sends half a body': says(reply(`200 OK\r\n${json}\r\ncontent-length: 1000`, good)),
  'sends half a body and hangs': saysAndHangs(reply(`200 OK\r\n${json}\r\ncontent-length: 1000`, good)),
  'resets within the body': (socket) => {
    socket.write(reply(`200 OK\r\n${json}\r\ncontent-length: 1000`, good), () => socket.resetAndDestroy())
  },
  'states a length that is too short': says(reply(`200 OK\r\n${json}\r\ncontent-length: 5`, good)),
  'states two lengths': says(reply(`200 OK\r\n${json}\r\ncontent-length: 5\r\ncontent-length: 9`, good)),
  'states a negative length': says(reply(`200 OK\r\n${json}\r\ncontent-length: -5`, good)),
  'states no length': says(reply(`200 OK\r\n${json}`, good)),
  'breaks its chunks': says(reply(`200 OK\r\n${json}\r\ntransfer-encoding: chunked`, `5\r\nabc\r\nzz\r\n`)),
  'never ends its chunks': saysAndHangs(reply(`200 OK\r\n${events}`, chunk(frame))),
  'breaks off a stream': says(reply(`200 OK\r\n${events}`, chunk(frame))),
  'ends a stream within a frame': says(reply(`200 OK\r\n${events}`, `${chunk('data: {"cho')}0\r\n\r\n`)),
  'sends a stream without an end': repeats(reply(`200 OK\r\n${events}`), chunk(frame)),
  'sends a line without an end': repeats(reply(`200 OK\r\n${events}`), chunk('x'.repeat(10_000))),
  'trickles a stream': repeats(reply(`200 OK\r\n${events}`), chunk(':'), 100),
  'trickles a body': repeats(reply(`200 OK\r\n${json}\r\ncontent-length: 100000`), ' ', 100),
  'sends a body without an end': repeats(
    reply(`200 OK\r\n${json}\r\ntransfer-encoding: chunked`),
    chunk(' '.repeat(10_000)),
  ),
  'sends headers without an end': repeats('HTTP/1.1 200 OK\r\n', 'x: y\r\n'),
  'sends 100 Continue without an end': repeats('', 'HTTP/1.1 100 Continue\r\n\r\n'),
  'switches protocols': saysAndHangs(reply('101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade')),
  'answers 204 with a body': says(whole('204 No Content', good)),
  'answers 304': says(reply('304 Not Modified')),
  'answers 000': says(whole('000 Zero', good)),
  'answers 600': says(whole('600 Six', good)),
  'answers 999': says(whole('999 Nine', good)),
  'sends a NUL in a header': says(whole('200 OK', good, '\r\nx-request-id: a\0b')),
  'sends bytes above 127 in a header': says(
    Buffer.from(whole('200 OK', good, '\r\nx-request-id: ü').toString(), 'latin1'),
  ),
  'splits its header': says(whole('200 OK', good, '\r\nx-request-id: a\r\n b')),
  'says gzip and sends text': says(whole('200 OK', good, '\r\ncontent-encoding: gzip')),
  'sends a bomb of gzip': says(whole('200 OK', gzipSync(Buffer.alloc(200 * 2 ** 20)), '\r\ncontent-encoding: gzip')),
  'sends bytes that are no UTF-8': says(whole('200 OK', Buffer.from([0x22, 0xff, 0xfe, 0xc0, 0x22]))),
  'sends no JSON': says(whole('200 OK', '<html>')),
  'sends nothing in a 200': says(whole('200 OK', '')),
  'answers twice': says(Buffer.concat([whole('200 OK', good), whole('200 OK', good)])),
  'redirects to a place with the key': (socket, key) =>
    void socket.end(reply(`302 Found\r\nlocation: http://127.0.0.1:1/?key=${key}\r\ncontent-length: 0`)),
  'repeats the key in a 401': (socket, key) =>
    void socket.end(
      whole(
        '401 Unauthorized',
        JSON.stringify({ error: { message: `Incorrect API key provided: ${key}`, code: 'x' } }),
      ),
    ),
  'repeats the key in a 400': (socket, key) =>
    void socket.end(whole('400 Bad Request', JSON.stringify({ error: { message: key, code: 'x' } }))),
  'repeats the key in a 200': (socket, key) =>
    void socket.end(whole('200 OK', JSON.stringify({ choices: [{ message: { content: key } }] }))),
  'repeats the key in a header': (socket, key) =>
    void socket.end(whole('200 OK', good, `\r\nx-request-id: ${key}\r\nset-cookie: ${key}\r\nretry-after: ${key}`)),
  'repeats the key in two pieces of a stream': async (socket, key) => {
    socket.write(reply(`200 OK\r\n${events}`, chunk(`data: {"choices":[{"delta":{"content":"${key.slice(0, 9)}`)))
    await systemClock.sleep(50)
    socket.end(`${chunk(`${key.slice(9)}"}}]}\n\ndata: [DONE]\n\n`)}0\r\n\r\n`)
  },
}

export async function evilUpstream(): Promise<EvilUpstream> {
  const targets: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    let heard = ''
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1')
      const headEnd = heard.indexOf('\r\n\r\n')
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(heard)?.[1] ?? 0)
      if (headEnd < 0 || heard.length < headEnd + 4 + length) return
      targets.push(heard.slice(0, heard.indexOf('\r\n')))
      const [, key = ''] = /\r\nauthorization: *Bearer (\S+)/i.exec(heard) ?? []
      const [, model = ''] = /"model": *"([^"]*)"/.exec(heard) ?? []
      heard = ''
      void (misbehaviours[model] ?? misbehaviours.good!)(socket, key)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    targets,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
