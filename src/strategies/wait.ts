import { type Call, deadlineCode, type Reply } from '../core/call.ts'
import type { Millis } from '../core/clock.ts'

// The rules for every wait of every strategy:
// - A wait takes `call.signal`, so that an abort ends it at once.
// - A wait is a whole number of milliseconds, rounded up: virtual time has no fractions, and no wait is shorter than its law says.
// - Nothing is sent at or after `call.deadline`, since a reply could not come in time. A strategy that has a reply by then
//   returns it; one that has none returns `expired`.

/** The reply to a call that was never sent, because its deadline came first. Its status is 0, since nothing was sent. */
export const expired: Reply = Object.freeze({
  kind: 'failed',
  status: 0,
  code: deadlineCode,
  retryable: false,
  body: undefined,
})

/**
 * Whether a call that has waited may still be sent: whether `now` is before its deadline. Throws `call.signal.reason` if the call
 * was aborted at the very instant at which the wait ended. Ask it directly before sending, with no `await` in between, even after
 * a wait that should end in time: real timers may be late.
 */
export function mayBeSent(call: Call, now: Millis): boolean {
  if (call.signal.aborted) throw call.signal.reason
  return now < call.deadline
}
