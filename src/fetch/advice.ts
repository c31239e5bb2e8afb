import { longestAdvice } from '../core/advice.ts'
import type { Millis } from '../core/clock.ts'
import { instantOf } from '../core/system-clock.ts'

/**
 * The wait that the headers of a reply advise, in whole milliseconds: `retry-after-ms`, or `retry-after` as seconds or as a date. Undefined when
 * they advise none, or nonsense. Longer advice than `longestAdvice` is cut to it. A date counts from the `date` of the reply, since the two clocks
 * may differ, or from `now`.
 */
export function adviceIn(headers: Headers, now: Millis): Millis | undefined {
  const advised = headers.get('retry-after') ?? ''
  const wait = numberIn(headers.get('retry-after-ms') ?? '') ?? secondsIn(advised) ?? waitUntil(advised, headers, now)
  return wait === undefined ? undefined : Math.min(Math.ceil(wait), longestAdvice)
}

function numberIn(text: string): number | undefined {
  return /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : undefined
}

function secondsIn(text: string): Millis | undefined {
  const seconds = numberIn(text)
  return seconds === undefined ? undefined : seconds * 1000
}

function waitUntil(text: string, headers: Headers, now: Millis): Millis | undefined {
  const until = instantOf(text)
  if (until === undefined) return undefined
  return Math.max(0, until - (instantOf(headers.get('date') ?? '') ?? now))
}
