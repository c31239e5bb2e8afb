import type { DefectListener } from '../defects/guard.ts'
import type { WireError } from '../errors/envelope.ts'

/** A request as every skin hands it to the mock. */
export interface WireRequest {
  /** Such as `POST`. */
  readonly method: string
  /** The path without the query, as the client wrote it: still percent-encoded. */
  readonly path: string
  /** What follows the question mark. Empty when there is no query. */
  readonly query: string
  /** Returns the value of a header by its lower-case name, or undefined when the request has no such header. */
  header(name: string): string | undefined
  /** The body as text. Empty when there is no body. */
  readonly body: string
  /** The error with which the request is to be answered, since the skin has not read its body. Absent: the body was read. */
  readonly refused?: WireError
}

/** What a skin sends back to its client. */
export type Answer = WholeAnswer | StreamedAnswer | BrokenConnection

/** An answer whose body is sent in one piece. */
export interface WholeAnswer {
  readonly kind: 'whole'
  /** The HTTP status. */
  readonly status: number
  readonly headers: Headers
  readonly body: string
  /** The connection breaks after this many characters of the body. Absent: the whole body is sent. */
  readonly brokenAfter?: number
}

/** An answer whose body is sent piece by piece as simulated time passes. */
export interface StreamedAnswer {
  readonly kind: 'stream'
  readonly status: number
  readonly headers: Headers
  /** Starts the body. The skin calls this once. Pieces that are due by then are written at once. */
  start(sink: Sink): void
}

/** The connection breaks before anything is sent. */
export interface BrokenConnection {
  readonly kind: 'hang-up'
}

/** Headers by their lower-case names. */
export type Headers = Readonly<Record<string, string>>

/** The receiver of a streamed body. */
export interface Sink {
  /** Sends the next piece of the body. */
  write(text: string): void
  /** Resolves when the reader has taken what was written, or is gone. Returns undefined when more may be written now. Absent: more always may. */
  drained?(): Promise<void> | undefined
  /** Ends the body, which is complete. */
  end(): void
  /** Breaks the connection before the body is complete. */
  break(): void
}

/** A request that is being answered. */
export interface Handling {
  /** Resolves when the skin can begin to send. Should not reject, see `handle`. */
  readonly answer: Promise<Answer>
  /** Tells the handler that the client is gone: nothing more is written, and the provider stops or finishes the request. Does nothing once the answer is complete. */
  hangUp(): void
  /** Whether the body of the request is kept until there is an answer. Default: false. */
  readonly keepsBody?: boolean
}

/** Whatever answers requests: a mock, or a gateway in front of accounts. */
export interface RequestHandler {
  /** Should not throw. A skin answers with the documented error 500 in the place of a handler that throws. */
  handle(request: WireRequest): Handling
  /** Is told of what throws while a request is handled or its answer is sent. Default: it is written to standard error, once for each place. */
  readonly onDefect?: DefectListener
}
