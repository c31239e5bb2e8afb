import type { WireRequest } from '../../wire/exchange.ts'
import type { GatewayRecord } from './record.ts'

/** A customer's request while the gateway works on it. */
export interface CustomerRequest {
  readonly request: WireRequest
  /** The customer's own key. Empty where the request has none. */
  readonly key: string
  readonly record: GatewayRecord
  /** Aborts when the customer hangs up. */
  readonly gone: AbortSignal
}
