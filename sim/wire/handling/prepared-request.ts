import type { Call } from '../../../src/core/call.ts'
import type { Asked } from '../model/completion.ts'
import type { ModelOutput } from '../model/output.ts'
import type { Protocol } from '../protocols/protocol.ts'
import type { RequestRecord } from '../request-record.ts'

/** What is known of a request when it comes before the provider. */
export interface PreparedRequest {
  readonly call: Call
  readonly protocol: Protocol
  readonly asked: Asked
  readonly output: ModelOutput
  readonly record: RequestRecord
  /** The connection breaks within the body, as a fault says; absent: it does not. */
  readonly breaksAfter?: number
}
