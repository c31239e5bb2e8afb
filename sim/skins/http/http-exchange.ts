import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Millis } from '../../../src/core/clock.ts'
import { systemClock } from '../../../src/core/system-clock.ts'
import type { Answer, RequestHandler, Sink, WireRequest } from '../../wire/exchange.ts'
import { bodyText } from '../../wire/request/body.ts'

/** What one connection may cost, bytes. */
export interface HttpLimits {
  readonly maxBodyBytes: number
  readonly maxUnreadBytes: number
}

/** How long somebody who sends too much may go on, so as to hear why before the connection closes: real time. */
const longestGoodbye: Millis = 2000

/** Lets a mock answer an HTTP request: reads the body, asks, answers. A client who hangs up frees its slot. */
export function httpExchange(
  mock: RequestHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  limits: HttpLimits,
  together: (send: () => void) => void,
): void {
  const { maxBodyBytes } = limits
  if (declaresMore(incoming, maxBodyBytes)) {
    // Who expects to be told to go on has not sent anything yet.
    refuse(mock, incoming, outgoing, maxBodyBytes, incoming.headers.expect ? 0 : longestGoodbye)
    return
  }
  let chunks: Buffer[] = []
  let size = 0
  const onData = (chunk: Buffer) => {
    size += chunk.length
    if (size <= maxBodyBytes) {
      chunks.push(chunk)
      return
    }
    chunks = []
    incoming.off('data', onData).off('end', onEnd)
    refuse(mock, incoming, outgoing, maxBodyBytes, longestGoodbye)
  }
  const onEnd = () => {
    const body = bodyText(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
    const { answer, hangUp } = mock.handle(requestOf(incoming, body))
    outgoing.on('close', hangUp)
    answer.then((each) => together(() => send(each, outgoing, limits.maxUnreadBytes)))
  }
  incoming.on('data', onData).on('end', onEnd)
}

/** Whether a request says that its body is longer than this. */
export function declaresMore({ headers }: IncomingMessage, bytes: number): boolean {
  return Number(headers['content-length'] ?? 0) > bytes
}

/** Tells a client whose body is too long so, while the rest of it is thrown away, and closes the connection. */
function refuse(
  mock: RequestHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  bodyLimit: number,
  patience: Millis,
): void {
  const over = new AbortController()
  const goodbye = () => {
    over.abort()
    outgoing.end()
  }
  mock.handle({ ...requestOf(incoming, ''), bodyLimit }).answer.then((answer) => {
    if (answer.kind !== 'whole' || outgoing.destroyed) {
      outgoing.destroy()
      return
    }
    const length = Buffer.byteLength(answer.body)
    outgoing.writeHead(answer.status, { ...answer.headers, connection: 'close', 'content-length': length })
    outgoing.write(answer.body)
    incoming.on('end', goodbye).on('close', goodbye).resume()
    systemClock.sleep(patience, over.signal).then(goodbye, () => {})
  })
}

function requestOf(incoming: IncomingMessage, body: string): WireRequest {
  const { method = 'GET', headers } = incoming
  const url = originForm(incoming.url ?? '/')
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

/** Clients of a proxy name the whole address. */
function originForm(url: string): string {
  if (url.startsWith('/')) return url
  return url.replace(/^https?:\/\/[^/?]*/i, '') || '/'
}

function send(answer: Answer, outgoing: ServerResponse, maxUnreadBytes: number): void {
  if (outgoing.destroyed) return
  if (answer.kind === 'hang-up') {
    outgoing.destroy()
    return
  }
  outgoing.writeHead(answer.status, answer.headers)
  if (answer.kind === 'stream') return answer.start(sinkOf(outgoing, maxUnreadBytes))
  const { body, brokenAfter } = answer
  if (brokenAfter === undefined) {
    outgoing.end(body, encodingOf(body))
    return
  }
  outgoing.write(body.slice(0, brokenAfter), () => outgoing.destroy())
}

/** The model does not wait for its reader: what is written before it is read is kept, up to a bound, where the connection breaks. */
function sinkOf(outgoing: ServerResponse, maxUnreadBytes: number): Sink {
  return {
    write(text) {
      if (!outgoing.write(text, encodingOf(text)) && outgoing.writableLength > maxUnreadBytes) outgoing.destroy()
    },
    end: () => outgoing.end(),
    break: () => outgoing.destroy(),
  }
}

/** Plain ASCII, which nearly all answers are, is the same in Latin-1, which Node copies as it is. */
function encodingOf(text: string): BufferEncoding {
  return Buffer.byteLength(text) === text.length ? 'latin1' : 'utf8'
}

/**
 * Lets replies that are decided in one turn of the event loop go out together at its end: what has come in is read first, and both sides wake up
 * less often. A lone immediate reply costs a Node server more than one that leaves with others.
 */
export function outbox(): (send: () => void) => void {
  let waiting: (() => void)[] = []
  const flush = () => {
    const sends = waiting
    waiting = []
    for (const send of sends) send()
  }
  return (send) => {
    if (waiting.push(send) === 1) setImmediate(flush)
  }
}
