import type { WireRequest } from '../../wire/exchange.ts'
import { passedOn } from './headers.ts'

/** An account of the pool: its address and its key. */
export interface UpstreamAccount {
  /** The address that replaces a customer's `/v1`, such as `https://example.com/compatible-mode/v1`. */
  readonly baseUrl: string
  readonly key: string
}

/** The account has given no reply. */
export interface NoReply {
  /** A code such as `ECONNREFUSED`, or the name of an error. It is not the message, which may quote what was sent. */
  readonly reason: string
}

/** Sends a request to an account. Never rejects. Redirects are passed on and not followed. */
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

/** The address of a request at an account: the base address replaces `/v1` at the beginning of the path; any other path stays as it is. */
function urlOf({ baseUrl }: UpstreamAccount, { path, query }: WireRequest): string {
  const { origin, pathname } = new URL(baseUrl)
  const base = pathname.replace(/\/$/, '')
  // The address is put together as text: a path such as //example.com must not lead to another host.
  const [, rest] = /^\/v1(\/.*)?$/.exec(path) ?? []
  const at = path === '/v1' || rest !== undefined ? `${base}${rest ?? ''}` : path
  return `${origin}${at}${query === '' ? '' : `?${query}`}`
}

/** Whether the body is sent. HTTP allows a GET with a body, which means nothing, but `fetch` refuses it: such a body is left out. */
function mayHaveBody({ method, body }: WireRequest): boolean {
  return body !== '' && method !== 'GET' && method !== 'HEAD'
}

/** The longest reply that is read as a whole, bytes. Streams may be longer. */
const longestReply = 64 * 1024 * 1024

/** Reads the whole body of a reply. Returns undefined when the reply breaks off or is too long. */
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
