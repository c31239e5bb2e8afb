/** What a client is asked to do, as data, so that a program in another language can be told. */
export interface Task {
  readonly origin: string
  readonly key: string
  readonly model: string
  readonly prompt: string
  readonly stream: boolean
  /** A way of calling that only some clients have. */
  readonly manner?: Manner | undefined
}

export type Manner = 'incremental' | 'multimodal'

/** What the client told its caller. */
export interface CallerView {
  /** The text that reached the caller, before anything went wrong. */
  readonly text: string
  /** Of the prompt and of the answer; absent where the client does not say. */
  readonly tokens?: readonly [number, number] | undefined
  readonly error?: ToldError
}

/** An error as the caller sees it; what the client does not say is absent or null. */
export interface ToldError {
  /** Thrown, handed over in the place of an answer, or given to a callback while the stream just ends. */
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
  /** As in the report's data. */
  readonly name: string
  readonly title: string
  /** The packages behind it; `versions` knows which are installed. */
  readonly packages: readonly string[]
  readonly language: 'node' | 'python'
  /** The route that it uses. */
  readonly protocol: 'compat' | 'native'
  readonly manners: readonly Manner[]
  /** How long it waits before each retry, from and to, ms, as its source says. Empty: it does not retry. */
  readonly waits: readonly (readonly [number, number])[]
  /** Whether it waits as long as a Retry-After says, where that is longer than its own waits. */
  readonly obeysAdvice: boolean
  /** All at once. */
  perform(tasks: readonly Task[]): Promise<readonly CallerView[]>
}
