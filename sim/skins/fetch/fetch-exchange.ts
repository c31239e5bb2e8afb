import { guarded } from '../../defects/guard.ts'
import type { Mock } from '../../mock/mock.ts'
import type { Timeline } from '../../time/virtual-clock.ts'
import type { Answer, Sink, WireRequest } from '../../wire/exchange.ts'
import { guardedHandler } from '../../wire/handling/guarded-handler.ts'
import { copied } from '../../wire/recorded-text.ts'
import { bodyText } from '../../wire/request/body.ts'

/**
 * Lets a mock answer a `Request` of the platform. Its path and query matter, its origin does not. Returns undefined when the connection breaks
 * without an answer. Rejects with the signal's reason when the signal aborts before there is an answer, and with what reading the body of the
 * request throws.
 */
export async function fetchExchange(
  mock: Mock,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Response | undefined> {
  const handler = guardedHandler(mock)
  const handling = handler.handle(await wireRequestOf(request, signal))
  const answer = new Promise<Answer>((resolve) => handling.answered(resolve))
  const gone = Promise.withResolvers<never>()
  // When the answer comes first nobody waits for this promise, and its rejection must not count as unhandled.
  gone.promise.catch(() => {})
  const stopped = new AbortController()
  const abandon = () => {
    handling.hangUp()
    gone.reject(signal?.reason)
  }
  signal?.addEventListener('abort', abandon, { signal: stopped.signal })
  try {
    const answered = await Promise.race([answer, gone.promise])
    signal?.throwIfAborted()
    const { timeline } = mock
    const client = { timeline, hangUp: abandon, signal, wantsBody: request.method !== 'HEAD' }
    return guarded(
      handler.onDefect,
      () => responseOf(answered, client),
      () => responseOf(handling.fail(), client),
    )
  } finally {
    stopped.abort()
  }
}

async function wireRequestOf(request: Request, signal: AbortSignal | undefined): Promise<WireRequest> {
  const { pathname, search } = new URL(request.url)
  const { method, headers } = request
  const body = bodyText(await request.bytes())
  signal?.throwIfAborted()
  // The record of the request keeps the path.
  const path = search === '' ? pathname : copied(pathname)
  return { method, path, query: search.slice(1), header: (name) => headers.get(name) ?? undefined, body }
}

/** Whoever reads the response. */
interface Client {
  readonly timeline: Timeline
  hangUp(): void
  readonly signal: AbortSignal | undefined
  /** False for a HEAD request. */
  readonly wantsBody: boolean
}

function responseOf(answer: Answer, client: Client): Response | undefined {
  if (answer.kind === 'hang-up') return undefined
  const { status, headers } = answer
  if (answer.kind === 'stream')
    return new Response(
      streamed(client, (sink) => answer.start(sink)),
      { status, headers },
    )
  const { body, brokenAfter } = answer
  if (!client.wantsBody) return new Response(null, { status, headers })
  if (brokenAfter === undefined) return new Response(body, { status, headers })
  const broken = (sink: Sink) => {
    sink.write(body.slice(0, brokenAfter))
    sink.break()
  }
  // The full length is given: without it, a reader of a connection that closes would take the body for complete.
  const length = { 'content-length': String(Buffer.byteLength(body)) }
  return new Response(streamed(client, broken), { status, headers: { ...headers, ...length } })
}

const utf8 = new TextEncoder()

/** A body that is written as simulated time passes. What its reader has not read waits in memory, at most one answer. */
function streamed({ timeline, hangUp, signal }: Client, start: (sink: Sink) => void): ReadableStream<Uint8Array> {
  let controller: ReadableByteStreamController
  let failure: Error | undefined
  const over = new AbortController()
  const settle = (how: () => void) => {
    if (over.signal.aborted) return
    over.abort()
    timeline.woke()
    how()
  }
  const sink: Sink = {
    write(text) {
      if (over.signal.aborted || text === '') return
      timeline.woke()
      controller.enqueue(utf8.encode(text))
    },
    end: () =>
      settle(() => {
        controller.close()
        // A reader with its own buffer learns of the end only through this call.
        controller.byobRequest?.respond(0)
      }),
    break: () =>
      settle(() => {
        failure = new TypeError('terminated', { cause: closedByPeer() })
        // An error would discard what is not read yet, but bytes that were sent before the break must still arrive.
        if (controller.desiredSize === 0) controller.error(failure)
      }),
  }
  const abort = () => {
    hangUp()
    settle(() => controller.error(signal?.reason))
  }
  return new ReadableStream({
    type: 'bytes',
    start(own) {
      controller = own
      signal?.addEventListener('abort', abort, { signal: over.signal })
      start(sink)
    },
    pull() {
      if (failure) controller.error(failure)
    },
    cancel() {
      over.abort()
      hangUp()
    },
  })
}

/** The cause that the platform's `fetch` gives when the other side closes the connection. */
export function closedByPeer(): Error {
  return Object.assign(new Error('other side closed'), { name: 'SocketError', code: 'UND_ERR_SOCKET' })
}
