/** A call that a client shall make. It is plain data, so that a program in another language can read it. */
export interface Task {
  readonly origin: string
  readonly key: string
  readonly model: string
  readonly prompt: string
  readonly stream: boolean
  /** A variant of the call that only some clients have. Default: the plain call. */
  readonly variant?: CallVariant | undefined
}

export type CallVariant = 'incremental' | 'multimodal'

/** What the caller received from the client. */
export interface CallerView {
  /** The text that the caller received, up to an error. */
  readonly text: string
  /** The tokens of the prompt and of the answer. Absent when the client does not give them. */
  readonly tokens?: readonly [number, number] | undefined
  readonly error?: CallerError
}

/** An error as the caller sees it. A field that the client does not give is absent or null. */
export interface CallerError {
  /** The error was thrown, returned in place of an answer, or passed to a callback while the stream ended without an error. */
  readonly by: 'raised' | 'returned' | 'callback'
  readonly class: string
  readonly status?: number | null | undefined
  readonly code?: string | null | undefined
  readonly type?: string | null | undefined
  readonly requestId?: string | null | undefined
  readonly message: string
}

/** A real client, with every option at its default. */
export interface Client {
  /** The name in the report's data. */
  readonly name: string
  readonly title: string
  /** The packages whose versions the report gives. */
  readonly packages: readonly string[]
  readonly language: 'node' | 'python'
  /** The protocol that the client uses: the OpenAI-compatible one or the native one. */
  readonly protocol: 'compat' | 'native'
  readonly variants: readonly CallVariant[]
  /**
   * The range of the wait before each retry, in milliseconds, as the client's source gives it. Empty: the client does not retry. Absent: it
   * depends on what the client learns, and the report does not give it.
   */
  readonly waits: readonly (readonly [number, number])[] | undefined
  /** Whether the client waits for the time of a Retry-After instead of its own wait. */
  readonly obeysAdvice: boolean
  /** The situations that are left out, because the client would wait for minutes in them. Default: none. */
  readonly leavesOut?: readonly string[]
  /** Makes all calls at the same time. */
  perform(tasks: readonly Task[]): Promise<readonly CallerView[]>
}
