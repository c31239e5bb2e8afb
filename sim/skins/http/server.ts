import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Millis } from '../../../src/core/clock.ts'
import { expectNumber } from '../../../src/core/expect.ts'
import { type DefectListener, guarded, tellDefect } from '../../defects/guard.ts'
import { defaultHost, defaultMaxBodyBytes } from '../../setup/defaults.ts'
import type { RequestHandler } from '../../wire/exchange.ts'
import { guardedHandler } from '../../wire/handling/guarded-handler.ts'
import { Connections } from './connections.ts'
import { gracefulClose } from './graceful-close.ts'
import { declaresMore, type HttpListener, httpExchange, mostBytesOf } from './http-exchange.ts'

export interface ServerOptions {
  /** The TCP port. 0: any free port. Default: 0. */
  readonly port?: number
  /** The address to listen on. Default: `127.0.0.1`, which no other machine can reach. */
  readonly host?: string
  /** The longest body that is read, bytes. A longer body is answered with 413. Default: 20 MiB. */
  readonly maxBodyBytes?: number
  /**
   * The most bytes of request bodies in memory, on all connections together; and as many of answers that nobody has read yet. Beyond that, a
   * connection that holds more than an even share of it gives it up: its request is answered with 503 and `Retry-After` (one for the control
   * plane closes the connection), or its unread answers break off. Default: 256 MiB.
   */
  readonly maxHeldBytes?: number
  /** How much of its answers one connection may leave unread, bytes. Beyond that it breaks. Default: 16 MiB. */
  readonly maxUnreadBytes?: number
  /** The most requests under way at one time. Further requests are answered with 503 and `Retry-After`. Default: 20,000. */
  readonly maxRequests?: number
  /** The number of requests under way on one connection from which on no more is read from it, until one of them is answered. Default: 100. */
  readonly maxPipelined?: number
  /** The most connections at one time. Further connections are closed at once. Default: 10,000. */
  readonly maxConnections?: number
  /** How long a request may take to arrive, milliseconds of real time, a third of it for the headers. A slower one gets 408. Default: 60,000. */
  readonly requestTimeout?: Millis
  /** Answers requests under `/_ratelab`. Default: none; the mock answers them with 404. */
  readonly control?: ControlApp
}

/** The control plane as the server sees it, such as a Hono app. */
export interface ControlApp {
  fetch(request: Request, env: object): Response | Promise<Response>
}

/** The HTTP skin. */
export interface MockServer {
  /** Such as `http://127.0.0.1:8420`. */
  readonly origin: string
  readonly port: number
  /**
   * Takes no new requests, and resolves when those under way have ended. `grace`: they are cut after this time, milliseconds of real time.
   * Default: 10,000.
   */
  close(grace?: Millis): Promise<void>
}

const mebibyte = 1024 * 1024

/**
 * Serves a mock over HTTP/1.1. Resolves when the server listens. Rejects with Node's error when it cannot listen on the port, and with a
 * `RangeError` that names the field for a wrong option. Requests that are not HTTP get a bare 400, headers of more than 16 KiB a bare 431, and
 * the connection is closed.
 */
export async function serve(mock: RequestHandler, options: ServerOptions = {}): Promise<MockServer> {
  const { port = 0, host = defaultHost, maxConnections = 10_000, requestTimeout = 60_000, control } = options
  const limits = {
    maxBodyBytes: options.maxBodyBytes ?? defaultMaxBodyBytes,
    maxHeldBytes: options.maxHeldBytes ?? 256 * mebibyte,
    maxUnreadBytes: options.maxUnreadBytes ?? 16 * mebibyte,
    maxRequests: options.maxRequests ?? 20_000,
    maxPipelined: options.maxPipelined ?? 100,
  }
  for (const [field, value] of Object.entries({ ...limits, maxConnections, requestTimeout }))
    expectNumber(field, value, { above: 0, whole: true })
  const server = createServer({
    keepAlive: true,
    maxHeaderSize: 16 * 1024,
    headersTimeout: Math.ceil(requestTimeout / 3),
    requestTimeout,
    // How often Node looks for requests that take too long.
    connectionsCheckingInterval: Math.min(1000, requestTimeout),
    keepAliveTimeout: 65_000,
  })
  server.maxConnections = maxConnections
  const connections = new Connections(server, limits)
  const close = gracefulClose(server, connections)
  const handler = guardedHandler(mock)
  const wire = httpExchange(handler, connections)
  const answer = control ? withControlPlane(control, wire, { connections, onDefect: handler.onDefect }) : wire
  const listener: HttpListener = (incoming, outgoing) => {
    // Writing to an answer that has ended or broken is an error of the answer, and without a listener it would end the process.
    outgoing.on('error', (error) => tellDefect(handler.onDefect, error))
    const start = () => guarded(handler.onDefect, () => answer(incoming, outgoing))
    connections.of(incoming.socket).begin(outgoing, start)
  }
  server.on('request', listener)
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!declaresMore(incoming, limits.maxBodyBytes)) outgoing.writeContinue()
    listener(incoming, outgoing)
  })
  await listening(server, port, host)
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    origin: `http://${name}:${address.port}`,
    port: address.port,
    close: (grace = 10_000) => close(grace),
  }
}

/** Sends requests under `/_ratelab` to the control plane, and all others to the wire. The process keeps its own `Request` and `Response`. */
function withControlPlane(
  app: ControlApp,
  wire: HttpListener,
  { connections, onDefect }: { connections: Connections; onDefect: DefectListener },
): HttpListener {
  const answer = async (request: Request, env: object) => {
    try {
      return await app.fetch(request, env)
    } catch (error) {
      tellDefect(onDefect, error)
      return Response.json({ problems: ['A defect of the control plane: the server has reported it'] }, { status: 500 })
    }
  }
  const control = getRequestListener(answer, { overrideGlobalObjects: false, errorHandler: unreadable })
  const counted: HttpListener = async (incoming, outgoing) => {
    const connection = connections.of(incoming.socket)
    const bytes = mostBytesOf(incoming, connections.limits.maxBodyBytes)
    outgoing.on('close', () => connection.holdBody(-bytes))
    if (!connection.holdBody(bytes)) return connection.socket.destroy()
    await control(incoming, outgoing)
    connection.wrote(outgoing, outgoing.writableLength)
    return connection.isUnread && connection.socket.destroy()
  }
  return (incoming, outgoing) => {
    const listener = /^\/_ratelab(?![^/?])/.test(incoming.url!) ? counted : wire
    return listener(incoming, outgoing)
  }
}

/** The answer to a request that cannot be made a `Request`, in the form of the control plane's answers. */
function unreadable(): Response {
  const problems = ['Expected a header `host` with the name of a host, and a path without a backslash']
  return Response.json({ problems }, { status: 400 })
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Once the server listens, an error is a connection that could not be accepted, such as for want of a file descriptor. Its client is told
    // by the operating system.
    server.on('error', reject)
    server.listen(port, host, () => resolve())
  })
}
