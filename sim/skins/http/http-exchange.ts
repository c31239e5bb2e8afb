import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Millis } from '../../../src/core/clock.ts'
import { systemClock } from '../../../src/core/system-clock.ts'
import { guarded } from '../../defects/guard.ts'
import type { WireError } from '../../errors/envelope.ts'
import type { Answer, Sink, StreamedAnswer, WholeAnswer, WireRequest } from '../../wire/exchange.ts'
import type { GuardedHandler } from '../../wire/handling/guarded-handler.ts'
import { copied } from '../../wire/recorded-text.ts'
import { bodyText } from '../../wire/request/body.ts'
import { ArrivingBody } from './body.ts'
import type { Connection, Connections } from './connections.ts'

/** A listener of Node's HTTP server. */
export type HttpListener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown

/** How long a client whose body is not read may go on sending, so that it can read the error before the connection closes. Real time. */
const longestGoodbye: Millis = 2000

/**
 * A listener that reads the body of an HTTP request, hands the request to the handler and sends its answer. It tells the handler of a client that
 * hangs up. Requests beyond what the server may hold get the error `overloaded`.
 */
export function httpExchange(handler: GuardedHandler, connections: Connections): HttpListener {
  const { maxBodyBytes, maxRequests } = connections.limits
  const { onDefect } = handler
  const together = outbox()

  /** Answers with an error, throws the rest of the body away for as long as `patience`, and closes the connection. */
  function refuse(incoming: IncomingMessage, outgoing: ServerResponse, error: WireError, patience: Millis): void {
    const over = new AbortController()
    const goodbye = () => {
      over.abort()
      outgoing.end()
    }
    const answerAndClose = (answer: Answer) => {
      if (outgoing.destroyed) return
      if (answer.kind !== 'whole') return breakOff(outgoing)
      const length = Buffer.byteLength(answer.body)
      outgoing.writeHead(answer.status, { ...answer.headers, connection: 'close', 'content-length': length })
      outgoing.write(answer.body)
      incoming.on('end', goodbye).on('close', goodbye).resume()
      systemClock.sleep(patience, over.signal).then(goodbye, () => {})
    }
    handler.handle({ ...requestOf(incoming, ''), refused: error }).answered((each) =>
      guarded(
        onDefect,
        () => answerAndClose(each),
        () => breakOff(outgoing),
      ),
    )
  }

  return (incoming, outgoing) => {
    const connection = connections.of(incoming.socket)
    if (connections.requests > maxRequests) {
      // The error of one request would wait for the answers of those before it on this connection, and the server would hold it meanwhile.
      if (connection.requests > 1) incoming.socket.destroy()
      else refuse(incoming, outgoing, { name: 'overloaded' }, longestGoodbye)
      return
    }
    // A client that waits for `100 Continue` has sent nothing of its body: nothing has to be thrown away.
    if (declaresMore(incoming, maxBodyBytes))
      return refuse(incoming, outgoing, tooLarge(maxBodyBytes), incoming.headers.expect ? 0 : longestGoodbye)
    const body = new ArrivingBody(declaredLength(incoming) ?? Infinity)
    let held = 0
    /** Counts what is held of the body. Returns false when that is too much for the server. */
    const hold = (bytes: number) => {
      const isAllowed = connection.holdBody(bytes - held)
      held = bytes
      return isAllowed
    }
    outgoing.on('close', () => hold(0))
    const stop = (error: WireError) => {
      body.drop()
      hold(0)
      incoming.off('data', onData).off('end', onEnd)
      refuse(incoming, outgoing, error, longestGoodbye)
    }
    const onData = (piece: Buffer) => {
      body.add(piece)
      if (body.size > maxBodyBytes) stop(tooLarge(maxBodyBytes))
      else if (!hold(body.held)) stop({ name: 'overloaded' })
    }
    const onEnd = () => {
      const handling = handler.handle(requestOf(incoming, bodyText(body.take())))
      if (!handling.keepsBody) hold(0)
      outgoing.on('close', () => handling.hangUp())
      handling.answered((answer) => {
        hold(0)
        const deliver = (each: Answer) => () => send(each, outgoing, connection)
        together(() => guarded(onDefect, deliver(answer), () => deliver(handling.fail())()))
      })
      connection.pauseWhileWaiting()
    }
    incoming.on('data', onData).on('end', onEnd)
  }
}

function tooLarge(bytes: number): WireError {
  return { name: 'too-large', detail: String(bytes) }
}

/** Whether the header `content-length` of a request says that its body is longer than this many bytes. */
export function declaresMore(incoming: IncomingMessage, bytes: number): boolean {
  return (declaredLength(incoming) ?? 0) > bytes
}

/** The most bytes that the body of a request may take in memory, as its headers tell before it is read. */
export function mostBytesOf(incoming: IncomingMessage, maxBodyBytes: number): number {
  if (incoming.headers['transfer-encoding'] !== undefined) return maxBodyBytes
  return Math.min(declaredLength(incoming) ?? 0, maxBodyBytes)
}

/** The length of a body that its request declares, bytes. Node has checked it. Undefined: the request declares none. */
function declaredLength({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length']
  return length === undefined ? undefined : Number(length)
}

function requestOf(incoming: IncomingMessage, body: string): WireRequest {
  const { method = 'GET', headers } = incoming
  const url = originForm(incoming.url ?? '/')
  const mark = url.indexOf('?')
  return {
    method,
    // The record of the request keeps the path.
    path: mark < 0 ? url : copied(url.slice(0, mark)),
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

function send(answer: Answer, outgoing: ServerResponse, connection: Connection): void {
  if (outgoing.destroyed || connection.socket.destroyed) return
  // What is left unread on the connection is counted before this answer, so that a long answer alone breaks nothing.
  if (connection.isUnread) connection.socket.destroy()
  else if (answer.kind === 'hang-up' || outgoing.headersSent) breakOff(outgoing)
  else sendReply(answer, outgoing, connection)
}

function sendReply(answer: WholeAnswer | StreamedAnswer, outgoing: ServerResponse, connection: Connection): void {
  outgoing.writeHead(answer.status, answer.headers)
  if (answer.kind === 'stream') return answer.start(sinkOf(outgoing, connection))
  const { body, brokenAfter } = answer
  if (brokenAfter === undefined) {
    outgoing.end(body, encodingOf(body))
    connection.wrote(outgoing, body.length)
    return
  }
  outgoing.write(body.slice(0, brokenAfter), () => outgoing.destroy())
}

/**
 * The model does not wait for its reader: frames that are not read yet are kept, up to a bound, and past it the connection breaks. A gateway waits: it
 * asks for `drained`.
 */
function sinkOf(outgoing: ServerResponse, connection: Connection): Sink {
  return {
    write(text) {
      // Many streams can be due in one turn of the event loop, and only at its end a broken connection gives up its memory.
      if (connection.socket.destroyed) return
      outgoing.write(text, encodingOf(text))
      connection.wrote(outgoing, text.length)
      if (connection.isUnread) connection.socket.destroy()
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
    break: () => breakOff(outgoing),
  }
}

/** Breaks the connection after what was answered before. Node itself would end only this answer, and later ones would wait for it without end. */
function breakOff(outgoing: ServerResponse): void {
  if (outgoing.socket) outgoing.destroy()
  else outgoing.once('socket', (socket) => socket.destroy())
}

/** Nearly all answers are plain ASCII, which is the same in Latin-1, and Node copies Latin-1 without converting it. */
function encodingOf(text: string): BufferEncoding {
  return Buffer.byteLength(text) === text.length ? 'latin1' : 'utf8'
}
