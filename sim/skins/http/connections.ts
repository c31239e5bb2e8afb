import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** What a server may hold at one time. */
export interface HttpLimits {
  /** The longest body that is read, bytes. */
  readonly maxBodyBytes: number
  /** The most bytes of bodies, and of answers that nobody has read yet, in memory. */
  readonly maxHeldBytes: number
  /** The most bytes of answers that one connection may leave unread. */
  readonly maxUnreadBytes: number
  /** The most requests under way. */
  readonly maxRequests: number
  /** The number of requests under way on one connection from which on no more is read from it. */
  readonly maxPipelined: number
}

/** The open connections of a server, and what they hold. */
export class Connections {
  readonly limits: HttpLimits
  /** The requests whose answers have not left. */
  requests = 0
  /** The bytes of bodies in memory. */
  bodies = 0
  /** The bytes of answers that nobody has read. */
  unread = 0
  readonly #open = new Map<Socket, Connection>()

  constructor(server: Server, limits: HttpLimits) {
    this.limits = limits
    server.on('connection', (socket) => this.of(socket))
  }

  /** Returns the connection of a socket. */
  of(socket: Socket): Connection {
    const known = this.#open.get(socket)
    if (known) return known
    const opened = new Connection(socket, this)
    this.#open.set(socket, opened)
    socket.on('close', () => this.#open.delete(socket))
    return opened
  }

  get open(): Iterable<Connection> {
    return this.#open.values()
  }

  /** Whether so much is held that a connection which holds this much must give it up: more than its even share. */
  isOverShare(total: number, own: number): boolean {
    const { maxHeldBytes } = this.limits
    return total > maxHeldBytes && own * this.#open.size > maxHeldBytes
  }
}

/** One connection, and what it holds. */
export class Connection {
  readonly socket: Socket
  /** The requests whose answers have not left. */
  requests = 0
  readonly #all: Connections
  #bodies = 0
  #unread = 0
  /** The bytes of answers that wait for earlier answers to leave. */
  readonly #queued = new Map<ServerResponse, number>()
  #queuedBytes = 0
  /** Starts the requests that have been read and are not started. */
  readonly #waiting: (() => void)[] = []
  #isPaused = false

  constructor(socket: Socket, all: Connections) {
    this.socket = socket
    this.#all = all
    socket.on('drain', () => this.#count())
    socket.on('close', () => {
      all.unread -= this.#unread
      this.#unread = 0
    })
  }

  /**
   * Counts a request until its answer has left or the connection has closed. Starts it when less is under way than may be; until then nothing more
   * is read from the connection.
   */
  begin(outgoing: ServerResponse, start: () => void): void {
    this.requests++
    this.#all.requests++
    outgoing.on('close', () => {
      this.requests--
      this.#all.requests--
      this.#count()
      this.#startWaiting()
    })
    this.#waiting.push(start)
    this.#startWaiting()
    // Node reads on after each request that has no body, and does so later than this function is called.
    if (this.#waiting.length > 0) queueMicrotask(() => this.pauseWhileWaiting())
  }

  /** Counts this many more bytes of bodies, or fewer. Returns false when they are too many for the server. */
  holdBody(bytes: number): boolean {
    this.#bodies += bytes
    this.#all.bodies += bytes
    return !this.#all.isOverShare(this.#all.bodies, this.#bodies)
  }

  /** Counts what was written of an answer. */
  wrote(outgoing: ServerResponse, bytes: number): void {
    if (!outgoing.socket) this.#queue(outgoing, bytes)
    this.#count()
  }

  /** Whether more of its answers is unread than the connection or the server may have. */
  get isUnread(): boolean {
    return this.#unread > this.#all.limits.maxUnreadBytes || this.#all.isOverShare(this.#all.unread, this.#unread)
  }

  /** Reads no more from the connection while requests wait. To be called when the body of a request has been read, since that has made Node read on. */
  pauseWhileWaiting(): void {
    if (this.#waiting.length === 0) return
    this.#isPaused = true
    this.socket.pause()
  }

  #startWaiting(): void {
    const { maxPipelined, maxBodyBytes } = this.#all.limits
    while (this.#waiting.length > 0 && !this.socket.destroyed) {
      if (this.requests - this.#waiting.length >= maxPipelined || this.#bodies >= maxBodyBytes) return
      this.#waiting.shift()!()
    }
    if (!this.#isPaused) return
    this.#isPaused = false
    this.socket.resume()
  }

  #queue(outgoing: ServerResponse, bytes: number): void {
    const before = this.#queued.get(outgoing)
    this.#queued.set(outgoing, (before ?? 0) + bytes)
    this.#queuedBytes += bytes
    if (before === undefined)
      outgoing.once('socket', () => {
        this.#queuedBytes -= this.#queued.get(outgoing)!
        this.#queued.delete(outgoing)
      })
  }

  #count(): void {
    if (this.socket.destroyed) return
    const unread = this.socket.writableLength + this.#queuedBytes
    this.#all.unread += unread - this.#unread
    this.#unread = unread
  }
}
