import type { Reply, Target } from '../core/call.ts'
import type { Millis } from '../core/clock.ts'
import { quotable } from '../core/expect.ts'
import { printable } from '../core/printable.ts'
import { redactedKey, withoutKeys } from '../core/redaction.ts'

/** A reply without its body. */
export type ReplyFacts<R = Reply> = R extends unknown ? Omit<R, 'body'> : never

/** What an event is about. */
export interface EventSubject {
  /** The number of the call, unique for one `toFetch`. */
  readonly call: number
  /** Where it went. The key is shortened, and the address has no secret. */
  readonly target: Target
  /** Instants, in milliseconds since the Unix epoch unless the option `clock` counts otherwise. */
  readonly startedAt: Millis
  readonly endedAt: Millis
}

/** How something ended: with a reply, or with an error. */
export interface Ending {
  readonly reply?: ReplyFacts
  /** The message of the abort or of the transport fault that ended it, without keys. */
  readonly error?: string
}

/** An attempt has ended. Of a stream that is at its last byte. */
export interface AttemptEvent extends EventSubject, Ending {
  /** The number of the attempt at its call, from 1. */
  readonly attempt: number
}

/** A call has waited before an attempt: since it began, or since its attempt before had ended. */
export interface WaitEvent extends EventSubject {
  /** The number of the attempt that begins now, from 1. */
  readonly attempt: number
}

/** A call has ended. `target` is that of the request, before the strategy changed it. */
export interface CallEvent extends EventSubject, Ending {
  /** The number of attempts at the call. 0: it was never sent. */
  readonly attempts: number
}

/** Who is told of events. What a listener throws is dropped, since a log must not fail a call. */
export interface FetchListeners {
  readonly onAttempt?: (event: AttemptEvent) => unknown
  readonly onWait?: (event: WaitEvent) => unknown
  readonly onCall?: (event: CallEvent) => unknown
}

/** Tells a listener of an event, which is made only if there is one. */
export function announce<E>(listener: ((event: E) => unknown) | undefined, event: () => E): void {
  if (!listener) return
  try {
    Promise.resolve(listener(event())).catch(() => {})
  } catch {}
}

/** A target as events show it. */
export function shownTarget({ endpoint, key, model }: Target): Target {
  return { endpoint: withoutKeys(endpoint), key: redactedKey(key), model }
}

/** An error as events show it. */
export function shownError(error: unknown, { key }: Target): string {
  const text = error instanceof Error ? error.message : String(error)
  return printable(quotable(key === '' ? text : text.replaceAll(key, () => redactedKey(key))))
}

/** A reply as events show it. */
export function replyFacts({ body: _, ...facts }: Reply): ReplyFacts {
  return facts
}
