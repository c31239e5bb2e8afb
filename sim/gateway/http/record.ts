import type { Millis } from '../../../src/core/clock.ts'

/** What a gateway did with one request. */
export interface GatewayRecord {
  /** Counts the requests in the order of their arrival, from 1. */
  readonly number: number
  /** The `x-request-id` of the gateway's own errors. */
  readonly id: string
  readonly arrivedAt: Millis
  readonly method: string
  /** The path without keys that stand in it. */
  readonly path: string
  /** The customer's name; without a list of customers the customer's key, shortened so that nobody can use it. */
  readonly customer: string
  /** What the gateway charges, as a share of the provider's price. */
  readonly priceFactor: number
  /** The accounts that the request was sent to, in their order. */
  readonly attempts: GatewayAttempt[]
  /** The `x-request-id` of the reply that was passed on, which the customer has seen. */
  replyId?: string
  /** The rule of the customer's cap that denied the request. */
  denied?: string
  /** The tokens that were charged to the customer's cap. Absent when the request was not admitted, or customers have no caps. */
  promptTokens?: number
  /** The output tokens that have reached the customer, as far as the answer reports them or they can be estimated. */
  outputTokens?: number
  /** The HTTP status that the customer got. */
  status?: number
  endedAt?: Millis
  /** How the request ended. `answered`: in full; `left`: the customer hung up before; `broken`: the account broke the connection. */
  end?: 'answered' | 'left' | 'broken'
}

/** One account that a request was sent to. */
export interface GatewayAttempt {
  /** The number of the account, from 1. */
  readonly account: number
  /** The HTTP status of its reply. 0: there was no reply, or none of use. */
  readonly status: number
  /** Why there was no reply: a code such as `ECONNREFUSED`, or `firstByte timeout`. */
  readonly reason?: string
}
