import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Millis } from '../../../src/core/clock.ts'
import { systemClock } from '../../../src/core/system-clock.ts'
import type { Answer, RequestHandler, Sink, WireRequest } from '../../wire/exchange.ts'
import { bodyText } from '../../wire/request/body.ts'

/** What one connection may cost. */
export interface HttpLimits {
  /** The longest body that is read, bytes. */
  readonly maxBodyBytes: number
  /** How much of a stream may wait for a slow reader, bytes. */
  readonly maxUnreadBytes: number
}

/** A listener of Node's HTTP server. */
export type HttpListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** How long a client whose body is too long may go on sending, so that it can read the error before the connection closes. Real time. */
const longestGoodbye: Millis = 2000

/** A listener that reads the body of an HTTP request, hands the request to the mock and sends its answer. It tells the mock of a client that hangs up. */
export function httpExchange(mock: RequestHandler, { maxBodyBytes, maxUnreadBytes }: HttpLimits): HttpListener {
  const together = outbox()

  /** Answers that the body is too long, throws the rest of it away for as long as `patience`, and closes the connection. */
  function refuse(incoming: IncomingMessage, outgoing: ServerResponse, patience: Millis): void {
    const over = new AbortController()
    const goodbye = () => {
      over.abort()
      outgoing.end()
    }
    mock.handle({ ...requestOf(incoming, ''), bodyLimit: maxBodyBytes }).answer.then((answer) => {
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

  return (incoming, outgoing) => {
    // A client that waits for `100 Continue` has sent nothing of its body: nothing has to be thrown away.
    if (declaresMore(incoming, maxBodyBytes))
      return refuse(incoming, outgoing, incoming.headers.expect ? 0 : longestGoodbye)
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
      refuse(incoming, outgoing, longestGoodbye)
    }
    const onEnd = () => {
      const body = bodyText(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
      const { answer, hangUp } = mock.handle(requestOf(incoming, body))
      outgoing.on('close', hangUp)
      answer.then((each) => together(() => send(each, outgoing, maxUnreadBytes)))
    }
    incoming.on('data', onData).on('end', onEnd)
  }
}

/** Whether the header `content-length` of a request says that its body is longer than this many bytes. */
export function declaresMore({ headers }: IncomingMessage, bytes: number): boolean {
  return Number(headers['content-length'] ?? 0) > bytes
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

/** The path and the query of an address. Clients that use a proxy send the whole address. */
function originForm(url: string): string {
  if (url.startsWith('/')) return url
  return url.replace(/^https?:\/\/[^/?]*/i, '') || '/'
}

/**
 * Lets replies that are decided in one turn of the event loop leave together at its end: requests that have come in are read first, and both
 * sides wake up less often. A lone immediate reply costs a Node server more than one that leaves with others.
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

/**
 * The model does not wait for its reader: frames that are not read yet are kept, up to a bound, and past it the connection breaks. A gateway waits: it
 * asks for `drained`.
 */
function sinkOf(outgoing: ServerResponse, maxUnreadBytes: number): Sink {
  return {
    write(text) {
      if (!outgoing.write(text, encodingOf(text)) && outgoing.writableLength > maxUnreadBytes) outgoing.destroy()
    },
    drained() {
      if (!outgoing.writableNeedDrain || outgoing.destroyed) return undefined
      return new Promise((resolve) => {
        const over = () => {
          outgoing.off('drain', over).off('close', over)
          resolve()
        }
        outgoing.on('drain', over).on('close', over)
      })
    },
    end: () => outgoing.end(),
    break: () => outgoing.destroy(),
  }
}

/** Nearly all answers are plain ASCII, which is the same in Latin-1, and Node copies Latin-1 without converting it. */
function encodingOf(text: string): BufferEncoding {
  return Buffer.byteLength(text) === text.length ? 'latin1' : 'utf8'
}
