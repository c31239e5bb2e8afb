import type { Clock, Millis } from './clock.ts'
import { numberProblem, OptionError } from './expect.ts'

/** The longest wait that a timer of the platform can take. A longer one is made of several. */
const longestTimer: Millis = 2 ** 31 - 1

/**
 * Real time, in milliseconds with fractions since the Unix epoch; it never goes back. This is the only place that reads the
 * machine's clock or sets a real timer.
 */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),

  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (!(ms < Infinity)) return reject(new OptionError(numberProblem('ms', ms, {})))
      if (signal?.aborted) return reject(signal.reason)
      const until = systemClock.now() + Math.max(0, ms)
      let timer: ReturnType<typeof setTimeout>
      const onAbort = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        reject(signal?.reason)
      }
      const onTimer = () => {
        // A timer may ring a fraction of a millisecond early, but a sleep must never end early.
        const left = until - systemClock.now()
        if (left > 0) {
          timer = setTimeout(onTimer, Math.min(Math.ceil(left), longestTimer))
          return
        }
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      timer = setTimeout(onTimer, Math.min(Math.max(0, ms), longestTimer))
      signal?.addEventListener('abort', onAbort)
    }),
}

/** An instant since the Unix epoch in ISO 8601, such as `2026-09-01T12:00:00.000Z`. */
export function isoTime(at: Millis): string {
  return new Date(at).toISOString()
}

/** The instant of a date in HTTP, such as `Wed, 02 Sep 2026 12:00:00 GMT` or one of the older forms. Undefined for any other text. */
export function instantOf(httpDate: string): Millis | undefined {
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(httpDate)) return undefined
  // The form of C's `asctime` names no zone, and without one it would be read in that of the machine.
  const at = Date.parse(/\d{4}$/.test(httpDate) ? `${httpDate} GMT` : httpDate)
  return Number.isNaN(at) ? undefined : at
}
