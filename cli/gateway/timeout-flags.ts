import type { Millis } from '../../src/core/clock.ts'
import { show } from '../../src/core/expect.ts'
import { millisOf } from '../flags/limit-text.ts'

/** Reads a time-out such as `10s`, and adds a problem to the list when it is none. */
export function timeoutOf(flag: string, typed: string | undefined, problems: string[]): Millis | undefined {
  if (typed === undefined) return undefined
  const ms = millisOf(typed)
  if (ms === undefined)
    problems.push(`Expected \`${flag}\` to be a length of time such as 500ms, 10s or 2m, got ${show(typed)}`)
  return ms
}
