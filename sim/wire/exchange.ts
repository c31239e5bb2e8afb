/** A request as every skin hands it in. */
export interface WireRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** What follows the question mark; empty for none. */
  readonly query: string
  /** By lower-case name. */
  header(name: string): string | undefined
  /** The body as text; empty for none. */
  readonly body: string
  /** The body is longer than so many bytes, and was not read. Absent: it was. */
  readonly bodyLimit?: number
}

/** What a skin sends back. */
export type Answer = WholeAnswer | StreamedAnswer | BrokenConnection

export interface WholeAnswer {
  readonly kind: 'whole'
  readonly status: number
  readonly headers: Headers
  readonly body: string
  /** The connection breaks after so many characters of the body; absent: it does not. */
  readonly brokenAfter?: number
}

/** A body that comes piece by piece as simulated time goes on. */
export interface StreamedAnswer {
  readonly kind: 'stream'
  readonly status: number
  readonly headers: Headers
  /** Starts it; called once. What is due by now is written at once. */
  start(sink: Sink): void
}

/** The connection breaks without an answer. */
export interface BrokenConnection {
  readonly kind: 'hang-up'
}

/** Names in lower case. */
export type Headers = Readonly<Record<string, string>>

/** Where a streamed body goes. */
export interface Sink {
  write(text: string): void
  end(): void
  /** The connection breaks. */
  break(): void
}

/** A request that is being answered. */
export interface Handling {
  readonly answer: Promise<Answer>
  /** The client is gone: what it holds is freed, and nothing more is written. Without effect once the answer is complete. */
  hangUp(): void
}

/** Who answers requests: a mock, or a gateway before others. */
export interface RequestHandler {
  /** Never throws, and its answer never rejects. */
  handle(request: WireRequest): Handling
}
