import type { Millis, Signal } from './clock.ts'

/** Where an attempt goes: rotation swaps the key, fallback the model, a proxy the endpoint. */
export interface Target {
  readonly endpoint: string
  readonly key: string
  readonly model: string
}

/** One logical request. Every attempt at it carries the same `id`. */
export interface Call {
  /** Unique within a run; whole and >= 0. */
  readonly id: number
  readonly target: Target
  readonly promptTokens: number
  /** The most output tokens the caller accepts (`max_tokens`). */
  readonly maxTokens: number
  /** What travels in the body; the laboratory never looks inside. */
  readonly payload?: unknown
  readonly tenant?: string
  readonly priority?: number
  /** Aborted when nobody waits for the call any more; every wait must take it. */
  readonly signal: Signal
  /** The instant at or after which nothing may be sent; `Infinity` for none. */
  readonly deadline: Millis
  /** How long the provider may hold the call when its burst guard denies it (`X-DashScope-Wait-Timeout`); 0 or absent: not at all. */
  readonly serverWait?: Millis
}

/** All that the wire reveals of a denial. RPM and RPS share one code, and so do TPM and TPS. */
export type Cause = 'requests' | 'tokens' | 'burst' | 'quota'

export interface Usage {
  readonly promptTokens: number
  readonly outputTokens: number
}

/** The code of a `failed` reply (status 0: there was no trip over the wire) to a call whose deadline came before it could be sent. */
export const deadlineCode = 'DEADLINE'

/** How an attempt ended. A 429 is a value; exceptions are for transport faults and aborts. */
export type Reply =
  | { readonly kind: 'ok'; readonly usage: Usage; readonly model: string; readonly body: unknown }
  | {
      readonly kind: 'throttled'
      readonly cause?: Cause
      /** The provider's advice, where it gives any (DashScope: none seen). */
      readonly retryAfter?: Millis
      readonly body: unknown
    }
  | {
      readonly kind: 'failed'
      readonly status: number
      readonly code?: string
      readonly retryable: boolean
      readonly body: unknown
    }

/** One trip over the wire, or whatever stands before it. Rejects on a transport fault, or with `call.signal.reason` on abort. */
export type Send = (call: Call) => Promise<Reply>
