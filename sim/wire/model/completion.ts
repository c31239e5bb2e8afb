/** What a request asks of a model, in a form that does not depend on the protocol. */
export interface Asked extends Kept {
  /** All the text that counts as prompt. */
  readonly prompt: string
}

/** What is kept of a request until its answer is written: all but the prompt, which may have megabytes. */
export interface Kept {
  readonly model: string
  /** Prompt tokens that are not text, such as those of images. Default: 0. */
  readonly extraTokens?: number
  /** The most output tokens of one answer. Default: the value of the switch `maxTokens`. */
  readonly maxTokens?: number
  readonly isStream: boolean
  /** Whether each frame of a stream has only the new text. Otherwise it has all the text so far. Default: true. */
  readonly isIncremental?: boolean
  /** Whether the model thinks before it answers. Default: false. */
  readonly thinks?: boolean
  /** The most tokens that the model may think. Default: no limit. */
  readonly thinkingTokens?: number
  /** The number of answers. Default: 1. */
  readonly choices?: number
  /** The tool that the model calls instead of answering with text. Default: none. */
  readonly tool?: Tool
  /** The text of the answer, where the request determines it. Default: prose. */
  readonly answer?: string
  /** The texts before which the answer ends. Default: none. */
  readonly stop?: readonly string[]
  /** What the model makes. `vectors`: embeddings, which have no output tokens. Default: `text`. */
  readonly makes?: 'text' | 'vectors'
}

/** One call of a tool. */
export interface Tool {
  readonly name: string
  /** The arguments as JSON text. */
  readonly arguments: string
}

/** The answer of the model, in the neutral form that every protocol spells in its own way. */
export interface Completion {
  /** The value of the header `x-request-id`. */
  readonly requestId: string
  /** When the request was admitted, whole seconds since 1970. */
  readonly created: number
  readonly model: string
  readonly text: string
  /** What the model has thought. Empty when it does not think. */
  readonly reasoning: string
  readonly tool: Tool | undefined
  /** Why the answer ends. `length`: `max_tokens` cut it. */
  readonly finish: 'stop' | 'length' | 'tool_calls'
  /** The stop word that ended the answer. Absent: none did. */
  readonly stopWord?: string
  /** The tokens of all choices together. */
  readonly usage: WireUsage
  /** The choices after the first. Absent when only one was asked for. */
  readonly others?: readonly Completion[]
}

/** All choices in their order, given the first: those of a completion, or those of a delta. */
export function choicesOf<T extends { readonly others?: readonly T[] }>(first: T): readonly T[] {
  return first.others ? [first, ...first.others] : [first]
}

/** The tokens that a reply reports. */
export interface WireUsage {
  readonly promptTokens: number
  /** Includes the reasoning tokens. */
  readonly outputTokens: number
  readonly reasoningTokens: number
}

/** The part of an answer that has become ready since the last frame of its stream. */
export interface Delta {
  readonly reasoning: string
  readonly text: string
  /** All the text so far, this part included, for protocols that repeat it in every frame. */
  readonly textSoFar: string
  /** All the reasoning so far, this part included. */
  readonly reasoningSoFar: string
  /** The output tokens of all choices so far, this part included. */
  readonly outputTokens: number
  /** The same of the choices after the first. Absent when only one was asked for. */
  readonly others?: readonly Delta[]
}
