import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../src/core/system-clock.ts'
import type { Mock } from './mock.ts'
import type { Answer, Sink, WireRequest } from './wire/exchange.ts'

export interface ServerOptions {
  /** Default 0: any free one. */
  readonly port?: number
  /** Default `127.0.0.1`: nobody else's machine can reach it. */
  readonly host?: string
  /** The longest body that is read, bytes. Default 20 MiB. */
  readonly maxBodyBytes?: number
}

/** The HTTP skin. */
export interface MockServer {
  readonly origin: string
  readonly port: number
  /** Takes no more requests, lets those under way end, then closes. After `grace` milliseconds of real time they are cut. */
  close(grace?: number): Promise<void>
}

const defaultMaxBody = 20 * 1024 * 1024

/** Serves a mock over HTTP/1.1. Rejects with Node's error when the port cannot be had. */
export async function serve(mock: Mock, options: ServerOptions = {}): Promise<MockServer> {
  const { port = 0, host = '127.0.0.1', maxBodyBytes = defaultMaxBody } = options
  const server = createServer(
    {
      keepAlive: true,
      maxHeaderSize: 16 * 1024,
      headersTimeout: 20_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 65_000,
    },
    (incoming, outgoing) => receive(mock, incoming, outgoing, maxBodyBytes),
  )
  await listening(server, port, host)
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    origin: `http://${name}:${address.port}`,
    port: address.port,
    close: (grace = 10_000) => closed(server, grace),
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}

function closed(server: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const late = new AbortController()
    server.close(() => {
      late.abort()
      resolve()
    })
    systemClock.sleep(grace, late.signal).then(
      () => server.closeAllConnections(),
      () => {},
    )
  })
}

/** Reads the body, then lets the mock answer. */
function receive(mock: Mock, incoming: IncomingMessage, outgoing: ServerResponse, maxBodyBytes: number): void {
  const chunks: Buffer[] = []
  let size = 0
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= maxBodyBytes) chunks.push(chunk)
  })
  incoming.on('end', () => {
    const body = chunks.length === 1 ? chunks[0]!.toString('utf8') : Buffer.concat(chunks).toString('utf8')
    const { answer, leave } = mock.attend(requestOf(incoming, body))
    outgoing.on('close', leave)
    answer.then((each) => send(each, outgoing))
  })
}

function requestOf(incoming: IncomingMessage, body: string): WireRequest {
  const { method = 'GET', url = '/', headers } = incoming
  const mark = url.indexOf('?')
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    header(name) {
      const value = Object.hasOwn(headers, name) ? headers[name] : undefined
      return Array.isArray(value) ? value[0] : value
    },
    body,
  }
}

function send(answer: Answer, outgoing: ServerResponse): void {
  if (outgoing.destroyed) return
  if (answer.kind === 'hang-up') {
    outgoing.destroy()
    return
  }
  outgoing.writeHead(answer.status, answer.headers)
  if (answer.kind === 'stream') return answer.start(sinkOf(outgoing))
  if (answer.brokenAfter === undefined) {
    outgoing.end(answer.body)
    return
  }
  outgoing.write(answer.body.slice(0, answer.brokenAfter), () => outgoing.destroy())
}

function sinkOf(outgoing: ServerResponse): Sink {
  return {
    write: (text) => outgoing.write(text),
    end: () => outgoing.end(),
    break: () => outgoing.destroy(),
  }
}
