import type { Millis } from '../../../src/core/clock.ts'

/** What a gateway did with one request. */
export interface GatewayRecord {
  /** From 1, in the order of arrival. */
  readonly number: number
  readonly id: string
  readonly arrivedAt: Millis
  readonly method: string
  readonly path: string
  /** Redacted. */
  readonly customer: string
  readonly priceFactor: number
  /** Where it went, in turn. */
  readonly attempts: GatewayAttempt[]
  /** The `x-request-id` of the reply that was passed on: what the customer has seen. */
  replyId?: string
  /** The rule of the customer's own cap. */
  denied?: string
  status?: number
  endedAt?: Millis
  /** `answered`: in full; `left`: the customer hung up before; `broken`: the upstream did. */
  end?: 'answered' | 'left' | 'broken'
}

/** One account that a request was sent to. */
export interface GatewayAttempt {
  /** Its number, from 1. */
  readonly account: number
  /** Of its reply; 0: there was none. */
  readonly status: number
  /** Why there was none: a code such as `ECONNREFUSED`. */
  readonly reason?: string
}
