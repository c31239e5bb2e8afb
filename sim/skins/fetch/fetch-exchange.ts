import type { Mock } from '../../mock/mock.ts'
import type { Timeline } from '../../time/virtual-clock.ts'
import type { Answer, Sink, WireRequest } from '../../wire/exchange.ts'
import { bodyText } from '../../wire/request/body.ts'

/**
 * Lets a mock answer a `Request` of the platform. Only its path and query matter, not its origin. Undefined: the connection breaks without an
 * answer. Rejects with the signal's reason when that aborts before there is one.
 */
export async function fetchExchange(
  mock: Mock,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Response | undefined> {
  const wireRequest = await wireRequestOf(request)
  signal?.throwIfAborted()
  const { answer, hangUp } = mock.handle(wireRequest)
  const gone = Promise.withResolvers<never>()
  // Heard by nobody when the answer is there first.
  gone.promise.catch(() => {})
  const stopped = new AbortController()
  const abandon = () => {
    hangUp()
    gone.reject(signal?.reason)
  }
  signal?.addEventListener('abort', abandon, { signal: stopped.signal })
  try {
    const answered = await Promise.race([answer, gone.promise])
    signal?.throwIfAborted()
    const { timeline } = mock
    return responseOf(answered, { timeline, hangUp: abandon, signal, wantsBody: request.method !== 'HEAD' })
  } finally {
    stopped.abort()
  }
}

async function wireRequestOf(request: Request): Promise<WireRequest> {
  const { pathname, search } = new URL(request.url)
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    body: bodyText(await request.bytes()),
  }
}

interface Client {
  readonly timeline: Timeline
  hangUp(): void
  readonly signal: AbortSignal | undefined
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
  // How long it should be: without a length, whoever reads it from a connection that closes would take it for whole.
  const length = { 'content-length': String(Buffer.byteLength(body)) }
  return new Response(streamed(client, broken), { status, headers: { ...headers, ...length } })
}

const utf8 = new TextEncoder()

/** A body that is written as simulated time goes on. What its reader does not take waits in memory, at most one answer. */
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
        // Whoever reads into a buffer of its own is told only so.
        controller.byobRequest?.respond(0)
      }),
    break: () =>
      settle(() => {
        failure = new TypeError('terminated', { cause: closedByPeer() })
        // An error throws away what is not read yet, but what was sent before the break arrives.
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

/** What the platform's `fetch` gives as the cause when the other side closes the connection. */
export function closedByPeer(): Error {
  return Object.assign(new Error('other side closed'), { name: 'SocketError', code: 'UND_ERR_SOCKET' })
}
