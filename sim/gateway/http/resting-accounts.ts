import type { Millis } from '../../../src/core/clock.ts'

/** The accounts that rest, because they have failed. */
export interface RestingAccounts {
  /** Whether an account may be asked: it does not rest, or its rest is over and no request is trying it yet. `now` must never go back. */
  isAwake(account: number, now: Millis): boolean
  /** Notes that a request goes to an account. Returns the function that is told whether the account has worked; undefined: nobody waited for that. */
  asked(account: number): (hasWorked: boolean | undefined, now: Millis) => void
}

/** The length of the first rest of an account, and the greatest length. Each failure in a row doubles it. */
const firstRest: Millis = 1000
const longestRest: Millis = 60_000

/** Accounts that are all awake at first. When a rest is over, one request tries the account, and others pass it by until that one has ended. */
export function restingAccounts(size: number): RestingAccounts {
  const accounts = Array.from({ length: size }, () => ({ rest: 0, until: 0, isTried: false }))
  return {
    isAwake(account, now) {
      const { rest, until, isTried } = accounts[account]!
      return rest === 0 || (now >= until && !isTried)
    },
    asked(account) {
      const state = accounts[account]!
      const tries = state.rest > 0 && !state.isTried
      if (tries) state.isTried = true
      return (hasWorked, now) => {
        if (tries) state.isTried = false
        if (hasWorked) Object.assign(state, { rest: 0, until: 0 })
        // Requests that were under way when the rest began do not make it longer.
        if (hasWorked !== false || now < state.until) return
        state.rest = Math.min(longestRest, state.rest === 0 ? firstRest : 2 * state.rest)
        state.until = now + state.rest
      }
    },
  }
}
