import type { WireRequest } from '../../wire/exchange.ts'
import { type FrameError, firstFrameEnd, frameError } from './first-frame.ts'
import { passedOn } from './headers.ts'
import type { HeldReplies, HeldReply } from './held-replies.ts'
import type { Passage } from './passage.ts'
import type { NoReply, Patience } from './patience.ts'

/** An account of the pool: its address and its key. */
export interface UpstreamAccount {
  /** The address that stands for a customer's `/v1`, such as `https://example.com/compatible-mode/v1`. */
  readonly baseUrl: string
  readonly key: string
}

/** The reply of an account: all of it, or a stream of which the first frame has come. */
export interface AccountReply {
  readonly status: number
  readonly headers: Headers
  /** The whole body, or the beginning of a stream. */
  readonly text: string
  /** The error that stands in the first frame of a stream. */
  readonly error?: FrameError
  /** Returns the next piece of a stream; `isEnd`: nothing more comes. Absent when the reply is whole. */
  readonly next?: () => Promise<Piece | NoReply>
  /**
   * Gives the reply up: nothing more of it is read, it is no longer counted as held, and its connection closes unless it has been read to the end.
   * Called also when the customer is gone.
   */
  close(): void
}

interface Piece {
  readonly text: string
  readonly isEnd: boolean
}

export interface AttemptOptions {
  readonly send: typeof fetch
  readonly account: UpstreamAccount
  readonly passage: Passage
  readonly request: WireRequest
  readonly patience: Patience
  /** Counts the whole replies in memory. */
  readonly heldReplies: HeldReplies
  /** Aborts when the customer leaves. The connection to the account then closes. */
  readonly gone: AbortSignal
}

/** The longest beginning of a stream in which the first frame is looked for, characters. */
const longestBeginning = 16 * 1024

/** Sends a request to an account. Never rejects. Redirects are not followed, and are no reply. */
export async function replyOf({
  send,
  account,
  passage,
  request,
  patience,
  heldReplies,
  gone,
}: AttemptOptions): Promise<AccountReply | NoReply> {
  const cut = new AbortController()
  const decoder = new TextDecoder()
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  let held: HeldReply | undefined
  const close = () => {
    cut.abort()
    held?.release()
    reader?.cancel().catch(() => {})
  }
  const failed = (problem: NoReply) => {
    close()
    return problem
  }
  gone.addEventListener('abort', close)

  async function piece(): Promise<Piece> {
    const { done, value } = (await reader?.read()) ?? { done: true }
    return { text: decoder.decode(value, { stream: !done }), isEnd: done }
  }

  /** Waits for the headers, and for the first frame of a stream. */
  async function begin(sent: Promise<Response>) {
    const response = await sent
    reader = response.body?.getReader()
    // An answer to a request that was given up may still come.
    if (cut.signal.aborted) close()
    let text = ''
    let isEnd = false
    if (isStream(response))
      while (!isEnd && firstFrameEnd(text) === undefined && text.length < longestBeginning) {
        const next = await piece()
        text += next.text
        isEnd = next.isEnd
      }
    return { response, text, isEnd }
  }

  // The request is used here and in no function within, so that its body is not kept while a stream lasts.
  const sent = send(urlOf(account, passage, request), {
    method: passage.method,
    headers: passedOn(request, account.key),
    ...(passage.method !== 'GET' && { body: request.body }),
    redirect: 'manual',
    signal: cut.signal,
  })
  const begun = await patience.wait(begin(sent), 'firstByte')
  if ('reason' in begun) return failed(begun)
  const { response, isEnd } = begun
  const { status, headers } = response
  const problem = problemOf(response)
  if (problem) return failed(problem)
  if (isStream(response)) {
    const error = frameError(begun.text)
    const next = () => (isEnd ? Promise.resolve({ text: '', isEnd }) : patience.wait(piece(), 'idle'))
    return { status, headers, text: begun.text, ...(error && { error }), next, close }
  }
  const pieces: string[] = []
  held = heldReplies.begin()
  for (let isWhole = false; !isWhole; ) {
    const read = await patience.wait(piece(), 'idle')
    if ('reason' in read) return failed(read)
    if (!held.add(read.text.length)) return failed({ reason: 'a reply that is too long' })
    pieces.push(read.text)
    isWhole = read.isEnd
  }
  return { status, headers, text: pieces.join(''), close }
}

/** The address of a request at an account. What the customer wrote only gets into its query. */
function urlOf({ baseUrl }: UpstreamAccount, { path }: Passage, { query }: WireRequest): string {
  const url = new URL(baseUrl)
  url.pathname = path
  url.search = query
  return url.href
}

function isStream({ status, headers }: Response): boolean {
  return status < 300 && /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')
}

/** Returns why a reply is of no use to the customer: it is neither an answer nor an error, or in a coding that nobody asked for. */
function problemOf({ status, headers }: Response): NoReply | undefined {
  if (status < 200 || (status >= 300 && status < 400) || status >= 600) return { reason: `status ${status}` }
  const coding = headers.get('content-encoding') ?? ''
  return /^(identity)?$/i.test(coding) ? undefined : { reason: 'a reply in a coding' }
}
