import { type Call, deadlineCode, type Reply } from '../core/call.ts'
import type { Millis } from '../core/clock.ts'

// What every wait of every strategy keeps to:
// - it takes `call.signal`, so that an abort ends it at once;
// - it lasts whole milliseconds, rounded up: virtual time knows no others, and no wait is shorter than its law says;
// - nothing is sent at or after `call.deadline`, since a reply could not come in time. A strategy that holds a reply by
//   then hands that on; one that holds none answers `expired`.

/** What a call gets that was never sent, because its deadline came first. Status 0: there was no trip over the wire. */
export const expired: Reply = Object.freeze({
  kind: 'failed',
  status: 0,
  code: deadlineCode,
  retryable: false,
  body: undefined,
})

/**
 * Whether a call that has waited may still be sent. Throws `call.signal.reason` if it was aborted at the very instant the
 * wait ended. To be asked in the same breath as the call is sent, with no `await` between, and even after a wait that was
 * to end in time: real timers may be late.
 */
export function mayBeSent(call: Call, now: Millis): boolean {
  if (call.signal.aborted) throw call.signal.reason
  return now < call.deadline
}
