import type { Millis } from './clock.ts'

/**
 * The longest advice of a provider that is followed where no option says otherwise. Longer advice is cut to it: a call that comes back early is
 * only throttled again.
 */
export const longestAdvice: Millis = 120_000
