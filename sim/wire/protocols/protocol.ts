import type { Fields } from '../../../src/checks/shape.ts'
import type { Envelope } from '../../errors/envelope.ts'
import type { ErrorName } from '../../errors/error-table.ts'
import type { WireRequest } from '../exchange.ts'
import type { Asked, Completion, Delta, Kept } from '../model/completion.ts'

/** Writes the frames of one streamed answer. Every method returns whole SSE frames, or an empty text. */
export interface Frames {
  /** The frames that open the stream. They are sent when the first token is ready, before its delta. */
  opening(): string
  /** The frames of a part of the answer. */
  delta(delta: Delta): string
  /** The frames that end the stream. */
  closing(): string
  /** The frames of an error, which stand in the place of the closing. `body` has the form that errors have within a stream. */
  failing(body: object, status: number): string
  /** The last frame of a stream that shows an error as text. Absent for protocols of which no such stream was seen. */
  failingAsText?(text: string): string
}

/** A protocol: how requests to a model are read, and how answers are written. */
export interface Protocol<A extends Kept = Kept> {
  /** The name that the journal shows. */
  readonly name: string
  /** How the protocol wraps errors. */
  readonly envelope: Envelope
  /** The error for a model that does not exist; in a stream it is the only frame. Default: `unknown-model`, placed like other errors. */
  readonly unknownModel?: ErrorName
  /** Reads what a request asks of a model. Throws a `BadRequest` when the request is wrong. */
  read(body: Fields, request: WireRequest): A & Asked
  /** The body of an answer that is not streamed. */
  whole(asked: A, completion: Completion): object
  /** The frames of an answer that is streamed. */
  frames(asked: A, completion: Completion): Frames
}
