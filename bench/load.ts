import { connect, type Socket } from 'node:net'

/** A load of equal POST requests. */
export interface Load {
  readonly port: number
  readonly path: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
  /** Requests a second of all connections together, evenly spaced on each. Default: each request follows the last reply at once. */
  readonly perSecond?: number
  /** Called with the head of each reply, in lower case. */
  readonly onHead?: (head: string) => void
}

export interface LoadResult {
  readonly sent: number
  readonly replies: number
  readonly perSecond: number
  readonly statuses: Readonly<Record<string, number>>
}

const chunkedEnd = Buffer.from('0\r\n\r\n')
const headEnd = Buffer.from('\r\n\r\n')

/**
 * Sends a load in a closed loop: each connection sends its next request when the last reply is complete. It uses raw sockets,
 * because the load must need less processor time than the server that it measures.
 */
export async function load(options: Load): Promise<LoadResult> {
  const { port, path, body, headers = {}, connections, seconds, perSecond, onHead } = options
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const request = Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  const gap = perSecond === undefined ? 0 : (1000 * connections) / perSecond
  const statuses: Record<string, number> = {}
  const started = performance.now()
  const until = started + seconds * 1000
  let sent = 0
  let replies = 0

  const loop = (_: unknown, index: number) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      let due = started + (gap * index) / connections
      const send = () => {
        if (performance.now() >= until) socket.end()
        else {
          sent++
          socket.write(request)
        }
      }
      const sendWhenDue = () => {
        due = Math.max(due + gap, performance.now() - gap)
        const wait = due - performance.now()
        if (wait > 0.5) setTimeout(send, wait)
        else send()
      }
      socket.setNoDelay(true)
      socket.on('error', reject)
      socket.on('close', () => resolve())
      onReplies(socket, (head) => {
        replies++
        const status = head.slice(9, 12)
        statuses[status] = (statuses[status] ?? 0) + 1
        onHead?.(head)
        sendWhenDue()
      })
      sendWhenDue()
    })
  await Promise.all(Array.from({ length: connections }, loop))
  return { sent, replies, perSecond: replies / ((performance.now() - started) / 1000), statuses }
}

/** Calls `onReply` with the head of each reply when the reply is complete. */
function onReplies(socket: Socket, onReply: (head: string) => void): void {
  let head = ''
  let left = 0
  let isChunked = false
  socket.on('data', (data: Buffer) => {
    if (head === '') {
      // A head is small and is sent with the start of the body, so it arrives in one piece.
      const end = data.indexOf(headEnd)
      head = data.toString('latin1', 0, end).toLowerCase()
      isChunked = head.includes('transfer-encoding: chunked')
      left = isChunked ? 0 : Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0) - (data.length - end - 4)
    } else if (!isChunked) left -= data.length
    const isComplete = isChunked ? data.subarray(-5).equals(chunkedEnd) : left <= 0
    if (!isComplete) return
    const last = head
    head = ''
    onReply(last)
  })
}
