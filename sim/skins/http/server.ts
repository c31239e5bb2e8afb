import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Millis } from '../../../src/core/clock.ts'
import { expectNumber } from '../../../src/core/expect.ts'
import { systemClock } from '../../../src/core/system-clock.ts'
import { defaultHost, defaultMaxBodyBytes } from '../../setup/defaults.ts'
import type { RequestHandler } from '../../wire/exchange.ts'
import { declaresMore, type HttpListener, httpExchange } from './http-exchange.ts'

export interface ServerOptions {
  /** The TCP port. 0: any free port. Default: 0. */
  readonly port?: number
  /** The address to listen on. Default: `127.0.0.1`, which no other machine can reach. */
  readonly host?: string
  /** The longest body that is read, bytes. A longer body is answered with 413. Default: 20 MiB. */
  readonly maxBodyBytes?: number
  /** How much of a stream may wait for a slow reader, bytes. Beyond that the connection breaks. Default: 16 MiB. */
  readonly maxUnreadBytes?: number
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
    maxUnreadBytes: options.maxUnreadBytes ?? 16 * mebibyte,
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
  const close = gracefulClose(server)
  const wire = httpExchange(mock, limits)
  const listener = control ? withControlPlane(control, wire) : wire
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
function withControlPlane(app: ControlApp, wire: HttpListener): HttpListener {
  const control = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
    errorHandler: unreadable,
  })
  return (incoming, outgoing) => {
    if (/^\/_ratelab(?![^/?])/.test(incoming.url!)) void control(incoming, outgoing)
    else wire(incoming, outgoing)
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

/**
 * Watches a server so that it can be closed without breaking answers. The returned function accepts no more connections, closes idle connections
 * at once and every other connection after its last answer, and resolves when none is left. After `grace` milliseconds of real time the
 * remaining connections are cut.
 *
 * Node's own `close` would keep a connection open for the next request, and would break a connection whose last bytes still wait for their reader.
 */
export function gracefulClose(server: Server): (grace: Millis) => Promise<void> {
  const sockets = new Set<Socket>()
  /** The number of requests that each connection has under way. */
  const busy = new Map<Socket, number>()
  let isClosing = false
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const onRequest = ({ socket }: IncomingMessage, outgoing: ServerResponse) => {
    if (isClosing) outgoing.shouldKeepAlive = false
    busy.set(socket, (busy.get(socket) ?? 0) + 1)
    outgoing.on('close', () => {
      const left = busy.get(socket)! - 1
      if (left > 0) {
        busy.set(socket, left)
        return
      }
      busy.delete(socket)
      if (isClosing) socket.destroy()
    })
  }
  server.on('request', onRequest).on('checkContinue', onRequest)

  return (grace) =>
    new Promise((resolve) => {
      isClosing = true
      const late = new AbortController()
      NetServer.prototype.close.call(server, () => {
        late.abort()
        resolve()
      })
      for (const socket of sockets) if (!busy.has(socket)) socket.destroy()
      systemClock.sleep(grace, late.signal).then(
        () => server.closeAllConnections(),
        () => {},
      )
    })
}
