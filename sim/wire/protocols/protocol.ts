import type { Fields } from '../../../src/checks/shape.ts'
import type { Envelope, WireError } from '../../errors/envelope.ts'
import type { ErrorName } from '../../errors/error-table.ts'
import type { WireRequest } from '../exchange.ts'

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

/** Spells one streamed answer. Every method returns whole SSE frames, or nothing. */
export interface Frames {
  /** Sent when the first token is ready, before its delta. */
  opening(): string
  delta(delta: Delta): string
  closing(): string
  /** An error that is decided after the first byte, in place of the closing; `body` as the protocol has it within a stream. */
  failing(body: object, status: number): string
  /** The last frame of a stream that gives an error out as text; absent where no such thing was seen. */
  failingAsText?(text: string): string
}

/** One protocol's spelling: reads requests that make a model work, and writes what comes of them. */
export interface Protocol<A extends Asked = Asked> {
  readonly name: string
  readonly envelope: Envelope
  /** What a model that does not exist is called where it is called otherwise; a stream then says so in its only frame. */
  readonly unknownModel?: ErrorName
  /** Throws a `BadRequest` that says what is wrong. */
  read(body: Fields, request: WireRequest): A
  /** The body of an answer that is not streamed. */
  whole(asked: A, completion: Completion): object
  frames(asked: A, completion: Completion): Frames
}

/** A request that is wrong in itself. */
export class BadRequest extends Error {
  readonly error: WireError
  constructor(error: WireError) {
    super(error.detail ?? error.name)
    this.name = 'BadRequest'
    this.error = error
  }
}
