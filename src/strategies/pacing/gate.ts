import type { Call, Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'

/** Is told how a call that passed a gate ended: with a reply, or without one, by an abort or a transport fault. */
export type OnEnd = (reply: Reply | undefined, now: Millis) => void

/** What decides when a call may be sent: the client's own limiter. It never waits and never reads a clock. */
export interface SendGate {
  /**
   * Returns the earliest instant at which this call may be sent, if no other is sent before it. It may have fractions, and may have
   * passed. `Infinity`: not before a call that has passed has ended.
   */
  opensAt(call: Call, now: Millis): Millis
  /**
   * Lets the call through at `now`, which is not before it opens. `planned` is the instant at which it would pass if no timer were ever late:
   * `now` or somewhat before it. What spaces calls counts from there, so that a late timer costs no rate; a mirror of the provider counts at `now`.
   */
  pass(call: Call, now: Millis, planned: Millis): OnEnd
}

/** The passage of a gate that does not depend on how its calls end. */
export const unwatched: OnEnd = () => {}

/** Lets every call through at once. */
export const openGate: SendGate = { opensAt: () => -Infinity, pass: () => unwatched }
