import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Clock, Millis } from '../../../src/core/clock.ts'

/** How long a connection to an account may take by default, its TLS included. */
export const defaultConnectTimeout: Millis = 10_000

export interface UpstreamFetchOptions {
  readonly clock: Clock
  /** How long a connection may take, its TLS included. */
  readonly connect: Millis
}

/**
 * A `fetch` for a gateway. Unlike the platform's, it has a time-out for the connection, and does not decode a body that was asked for as it is. It
 * takes a URL as text, a body as text and a signal. A reply whose status no `Response` can have rejects with a code that names the status.
 */
export function upstreamFetch({ clock, connect }: UpstreamFetchOptions): typeof fetch {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) }

  return async (url, { method, headers, body, signal } = {}) => {
    const isSecure = String(url).startsWith('https:')
    const outgoing = (isSecure ? httpsRequest : httpRequest)(String(url), {
      method: method!,
      headers: headers as Record<string, string>,
      agent: isSecure ? agents.https : agents.http,
      signal: signal!,
    })
    const connected = isSecure ? 'secureConnect' : 'connect'
    outgoing.on('socket', (socket) => {
      // Who leaves a reply that has come and was not read makes Node take its own listener away before it tells the socket's error.
      if (!socket.listeners('error').includes(ignored)) socket.on('error', ignored)
      if (!socket.connecting) return
      const over = new AbortController()
      socket.on(connected, () => over.abort()).on('close', () => over.abort())
      clock.sleep(connect, over.signal).then(
        () => outgoing.destroy(problem('connect timeout')),
        () => {},
      )
    })
    const reply = replyTo(outgoing)
    outgoing.end(body ?? undefined)
    return reply
  }
}

/** The request tells of the error of its connection. */
function ignored(): void {}

/** The reply to a request. It stands apart from the body of the request, which is not kept while the reply lasts. */
function replyTo(outgoing: ClientRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      const { statusCode: status = 0 } = incoming
      if (status < 200 || status > 599) outgoing.destroy(problem(`status ${status}`))
      else resolve(responseOf(incoming, status))
    })
    outgoing.on('upgrade', (_incoming, socket) => {
      socket.destroy()
      reject(problem('status 101'))
    })
  })
}

function responseOf(incoming: IncomingMessage, status: number): Response {
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  // The body is read no faster than it is taken. All that has come is taken at once, since an account may send millions of chunks of a byte.
  if (!isWithoutBody(status)) return new Response(ReadableStream.from<Uint8Array>(incoming), { status, headers })
  incoming.resume()
  return new Response(null, { status, headers })
}

/** Whether replies with this status have no body, whatever the other side sends. */
function isWithoutBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}

function problem(code: string): Error {
  return Object.assign(new Error(code), { code })
}
