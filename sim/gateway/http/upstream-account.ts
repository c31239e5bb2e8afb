import type { WireRequest } from '../../wire/exchange.ts'
import { passedOn } from './headers.ts'

/** An account of the pool: where it is, and the key that opens it. */
export interface UpstreamAccount {
  /** What a customer's `/v1` stands for, such as `https://example.com/compatible-mode/v1`. */
  readonly baseUrl: string
  readonly key: string
}

/** No reply: a code such as `ECONNREFUSED`, or a kind of error. Messages may quote what was sent. */
export interface NoReply {
  readonly reason: string
}

/** Sends a request to an account. Never rejects. */
export function replyOf(
  send: typeof fetch,
  account: UpstreamAccount,
  request: WireRequest,
  signal: AbortSignal,
): Promise<Response | NoReply> {
  return send(urlOf(account, request), {
    method: request.method,
    headers: passedOn(request, account.key),
    ...(mayHaveBody(request) && { body: request.body }),
    redirect: 'manual',
    signal,
  }).catch(({ cause, name }: Error) => {
    const { code, name: kind = name } = (cause ?? {}) as Partial<NodeJS.ErrnoException>
    return { reason: code ?? kind }
  })
}

/** Where a request goes: a customer's `/v1` is the account's base address; any other path is one of the account's own. */
function urlOf({ baseUrl }: UpstreamAccount, { path, query }: WireRequest): string {
  const { origin, pathname } = new URL(baseUrl)
  const base = pathname.replace(/\/$/, '')
  // Put together as text: a path such as //example.com must not lead to another host.
  const [, rest] = /^\/v1(\/.*)?$/.exec(path) ?? []
  const at = path === '/v1' || rest !== undefined ? `${base}${rest ?? ''}` : path
  return `${origin}${at}${query === '' ? '' : `?${query}`}`
}

/** A `fetch` refuses a GET with a body, though HTTP does not: its body means nothing, and is left out. */
function mayHaveBody({ method, body }: WireRequest): boolean {
  return body !== '' && method !== 'GET' && method !== 'HEAD'
}

/** The longest reply that is read before it is passed on, bytes; a stream may be longer. */
const longestReply = 64 * 1024 * 1024

/** The whole of a reply; undefined: it broke off, or is too long. */
export async function textOf({ body }: Response): Promise<string | undefined> {
  const decoder = new TextDecoder()
  const pieces: string[] = []
  let size = 0
  try {
    for await (const chunk of body ?? []) {
      size += chunk.length
      if (size > longestReply) return undefined
      pieces.push(decoder.decode(chunk, { stream: true }))
    }
    return pieces.join('') + decoder.decode()
  } catch {
    return undefined
  }
}
