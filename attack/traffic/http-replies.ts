import type { HeardAnswer } from './answer-check.ts'

/** What a client has heard on one connection. */
export interface HeardReplies {
  /** The replies that are complete, without those of status 1xx. */
  readonly replies: readonly HeardAnswer[]
  /** The bytes after the last complete reply. Empty when the connection ended between two replies. */
  readonly rest: string
  /** What is wrong with the bytes as HTTP/1.1. Absent: nothing is. */
  readonly problem?: string
}

/** One reply, and where the next one begins. */
interface ReadReply {
  readonly reply: HeardAnswer
  readonly next: number
}

/**
 * Reads the replies of a connection strictly. The bytes are given as Latin-1. `isHead` says that the request was HEAD, whose reply has no body;
 * `isOver` that the connection is closed, which ends a body without a length.
 */
export function readReplies(bytes: string, { isHead = false, isOver = true } = {}): HeardReplies {
  const replies: HeardAnswer[] = []
  let at = 0
  while (at < bytes.length) {
    const read = readReply(bytes, at, isHead, isOver)
    if (typeof read === 'string') return { replies, rest: bytes.slice(at), problem: read }
    if (!read) break
    if (read.reply.status >= 200) replies.push(read.reply)
    at = read.next
  }
  return { replies, rest: bytes.slice(at) }
}

/** Returns the reply that begins there, undefined when it is not complete, or what is wrong with it. */
function readReply(bytes: string, at: number, isHead: boolean, isOver: boolean): ReadReply | string | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n', at)
  if (headEnd < 0) return undefined
  const [first = '', ...lines] = bytes.slice(at, headEnd).split('\r\n')
  const status = Number(/^HTTP\/1\.1 ([1-5]\d\d) [\x20-\x7e]*$/.exec(first)?.[1] ?? 0)
  if (status === 0) return `no status line: ${JSON.stringify(first.slice(0, 200))}`
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [, name = '', value = ''] = /^([!#$%&'*+.^`|~\w-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/.exec(line) ?? []
    if (name === '') return `no header: ${JSON.stringify(line.slice(0, 200))}`
    if (Object.hasOwn(headers, name.toLowerCase()) && /^(content-length|transfer-encoding)$/i.test(name))
      return `${name} twice`
    headers[name.toLowerCase()] = value
  }
  const body = readBody(bytes, headEnd + 4, headers, isHead || status < 200 || status === 204 || status === 304, isOver)
  if (typeof body === 'string' || !body) return body
  return { reply: { status, headers, body: Buffer.from(body.text, 'latin1').toString() }, next: body.next }
}

function readBody(
  bytes: string,
  start: number,
  headers: Readonly<Record<string, string>>,
  isBare: boolean,
  isOver: boolean,
): { readonly text: string; readonly next: number } | string | undefined {
  if (isBare) return { text: '', next: start }
  const length = headers['content-length']
  if (headers['transfer-encoding'] === 'chunked')
    return length === undefined ? readChunks(bytes, start) : 'a length of content and chunks'
  if (length === undefined) return isOver ? { text: bytes.slice(start), next: bytes.length } : undefined
  if (!/^\d+$/.test(length)) return `a length of ${length}`
  const next = start + Number(length)
  return next <= bytes.length ? { text: bytes.slice(start, next), next } : undefined
}

function readChunks(
  bytes: string,
  start: number,
): { readonly text: string; readonly next: number } | string | undefined {
  const pieces: string[] = []
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const line = bytes.slice(at, lineEnd)
    if (!/^[\da-f]{1,8}$/i.test(line)) return `the size of a chunk: ${JSON.stringify(line.slice(0, 80))}`
    const size = Number.parseInt(line, 16)
    const end = lineEnd + 2 + size
    if (end + 2 > bytes.length) return undefined
    if (!bytes.startsWith('\r\n', end)) return 'a chunk that does not end with a line break'
    if (size === 0) return { text: pieces.join(''), next: end + 2 }
    pieces.push(bytes.slice(lineEnd + 2, end))
    at = end + 2
  }
}
