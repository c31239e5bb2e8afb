import type { Call } from '../../../src/core/call.ts'
import type { Kept } from '../model/completion.ts'
import type { ModelOutput } from '../model/output.ts'
import type { Protocol } from '../protocols/protocol.ts'
import type { RequestRecord } from '../request-record.ts'

/** A request that has been read and is ready for the provider. */
export interface PreparedRequest {
  /** The request as the provider sees it. */
  readonly call: Call
  readonly protocol: Protocol
  /** The request as its protocol has read it, without its prompt. */
  readonly asked: Kept
  /** What the model writes, if the provider admits the request. */
  readonly output: ModelOutput
  readonly record: RequestRecord
  /** A fault breaks the connection within the body: after this share of it below 1, after this many frames from 1 on. Absent: no break. */
  readonly breaksAfter?: number
}
