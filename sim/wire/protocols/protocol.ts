import type { Fields } from '../../../src/checks/shape.ts'
import type { Envelope } from '../../errors/envelope.ts'
import type { ErrorName } from '../../errors/error-table.ts'
import type { WireRequest } from '../exchange.ts'
import type { Asked, Completion, Delta } from '../model/completion.ts'

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
