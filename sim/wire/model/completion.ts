/** What a request asks of a model, whatever its protocol. */
export interface Asked {
  readonly model: string
  /** All text that counts as prompt. */
  readonly prompt: string
  /** Prompt tokens that are not text: images, say. Absent: none. */
  readonly extraTokens?: number
  /** Absent: the model's own maximum. */
  readonly maxTokens?: number
  readonly isStream: boolean
  /** Whether the model thinks before it answers. */
  readonly thinks?: boolean
  /** The most tokens that it thinks. Absent: as many as it likes. */
  readonly thinkingTokens?: number
  /** How many answers. Absent: one. */
  readonly choices?: number
  /** The tool that the model calls instead of answering with text. */
  readonly tool?: Tool
  /** What the answer says, where the request settles it. Absent: prose. */
  readonly answer?: string
  /** Texts before which the answer ends. */
  readonly stop?: readonly string[]
  /** Absent: text. `vectors`: an embedding, which has no output tokens. */
  readonly makes?: 'text' | 'vectors'
}

export interface Tool {
  readonly name: string
  /** JSON text. */
  readonly arguments: string
}

/** What the model has to say: the neutral form that every protocol spells. */
export interface Completion {
  /** That of the header `x-request-id`. */
  readonly requestId: string
  /** When the request was admitted; whole seconds since the epoch. */
  readonly created: number
  readonly model: string
  readonly text: string
  /** Empty where the model does not think. */
  readonly reasoning: string
  readonly tool: Tool | undefined
  /** `length`: `max_tokens` cut it. */
  readonly finish: 'stop' | 'length' | 'tool_calls'
  /** The text of the request's `stop` that ended it. */
  readonly stopWord?: string
  /** Of all choices together. */
  readonly usage: WireUsage
  /** The choices after the first. Absent: one was asked for. */
  readonly others?: readonly Completion[]
}

/** A choice and those after it, in their order: of a completion, or of what has become ready of one. */
export function choicesOf<T extends { readonly others?: readonly T[] }>(first: T): readonly T[] {
  return first.others ? [first, ...first.others] : [first]
}

export interface WireUsage {
  readonly promptTokens: number
  /** Reasoning included. */
  readonly outputTokens: number
  readonly reasoningTokens: number
}

/** What has become ready since the last piece of a stream. */
export interface Delta {
  readonly reasoning: string
  readonly text: string
  /** All text and all reasoning so far, this included, for protocols that repeat it. */
  readonly textSoFar: string
  readonly reasoningSoFar: string
  /** Output tokens so far, this included, of all choices together. */
  readonly outputTokens: number
  /** What has become ready of the choices after the first. Absent: one was asked for. */
  readonly others?: readonly Delta[]
}
