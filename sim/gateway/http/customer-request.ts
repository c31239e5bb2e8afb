import type { WireRequest } from '../../wire/exchange.ts'
import type { Passage } from './passage.ts'
import type { Patience } from './patience.ts'
import type { GatewayRecord } from './record.ts'

/** A customer's request while the gateway works on it. */
export interface CustomerRequest {
  readonly request: WireRequest
  /** Where the request leads at an account. */
  readonly passage: Passage
  /** What the customer's cap is kept by. */
  readonly customerId: string
  readonly record: GatewayRecord
  /** Aborts when the customer hangs up. */
  readonly gone: AbortSignal
  /** Waits for accounts on behalf of this request. */
  readonly patience: Patience
}
