import type { Millis, Signal } from './clock.ts'

/** Where an attempt goes. Rotation changes the key, fallback the model, a proxy client the endpoint. */
export interface Target {
  /** The name of an endpoint in a simulated world, or whatever the `Send` of a real client calls an address. */
  readonly endpoint: string
  /** The API key. */
  readonly key: string
  readonly model: string
}

/** One logical request. Every attempt at it carries the same `id`. */
export interface Call {
  /** Unique within a run; whole and >= 0. */
  readonly id: number
  readonly target: Target
  /** The length of the prompt, in tokens. */
  readonly promptTokens: number
  /** The most output tokens that the caller accepts (`max_tokens`). */
  readonly maxTokens: number
  /** The content of the request's body, for the innermost `Send`. Strategies hand it on and never look inside. */
  readonly payload?: unknown
  /** The name of the customer on whose behalf the call is made, for strategies that treat customers apart. Default: none. */
  readonly tenant?: string
  /** The rank of the call, for strategies that prefer some calls: the higher one goes first. Default 0. */
  readonly priority?: number
  /** Aborts when nobody waits for the call any more. Every wait of a strategy must take it. */
  readonly signal: Signal
  /** The instant at or after which nothing may be sent, by the strategy's clock. `Infinity`: there is none. */
  readonly deadline: Millis
  /**
   * How long the provider may hold the call when its burst guard denies it, in milliseconds: the header
   * `X-DashScope-Wait-Timeout`, in whole seconds there. Default 0: not at all.
   */
  readonly serverWait?: Millis
}

/**
 * Why a call was throttled, as far as the wire reveals it. `requests`: too many requests in a second or in a minute, which share
 * one code. `tokens`: the same of tokens. `burst`: the rate grew too fast. `quota`: the free quota is used up, which no wait
 * changes, or that of a plan, which comes back in hours or days.
 */
export type Cause = 'requests' | 'tokens' | 'burst' | 'quota'

/** The tokens that a reply was charged for. */
export interface Usage {
  readonly promptTokens: number
  readonly outputTokens: number
}

/** The code of the `failed` reply to a call whose deadline came before it could be sent. Its status is 0, since nothing was sent. */
export const deadlineCode = 'DEADLINE'

/** The code of the `failed` reply to a call that a breaker refused because it was open. Its status is 0, since nothing was sent. */
export const openBreakerCode = 'BREAKER_OPEN'

/** How an attempt ended. A 429 is a value; exceptions are for transport faults and aborts. `model` of an ok reply is the one that answered. */
export type Reply = (
  | { readonly kind: 'ok'; readonly usage: Usage; readonly model: string; readonly body: unknown }
  | {
      readonly kind: 'throttled'
      /** Default: unknown. */
      readonly cause?: Cause
      /** How long the provider advises to wait, in milliseconds. Default: it gives no advice. (DashScope has never been seen to give one.) */
      readonly retryAfter?: Millis
      readonly body: unknown
    }
  | {
      readonly kind: 'failed'
      /** The HTTP status, or 0 when nothing went over the wire. */
      readonly status: number
      /** The provider's own code, such as `InvalidParameter`. Default: it gave none. */
      readonly code?: string
      /** Whether the same call may succeed later. */
      readonly retryable: boolean
      readonly body: unknown
    }
) & {
  /** The instant at which the attempt reached the provider, by the provider's own clock, in milliseconds since the Unix epoch. Default: unknown. */
  readonly receivedAt?: Millis
}

/**
 * Sends a call and resolves with its reply: one trip over the wire, or a strategy around it. Rejects with the error of a transport
 * fault, and with `call.signal.reason` after an abort.
 */
export type Send = (call: Call) => Promise<Reply>
