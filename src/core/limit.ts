import type { Cause } from './call.ts'
import type { Millis } from './clock.ts'

/** Which limit denied: ground truth, finer than the cause that the wire reveals. */
export type Rule = 'rps' | 'rpm' | 'tps' | 'tpm' | 'burst' | 'free'

export const rules: readonly Rule[] = ['rps', 'rpm', 'tps', 'tpm', 'burst', 'free']

/**
 * At most `limit` requests (rps, rpm) or tokens (tps, tpm) in any window.
 * `rps` and `tps` name every window shorter than a minute, `rpm` and `tpm` the minute and longer ones.
 */
export interface Limit {
  readonly rule: 'rps' | 'rpm' | 'tps' | 'tpm'
  /** Whole, > 0. */
  readonly limit: number
  /** Whole, > 0. */
  readonly window: Millis
}

export type Unit = 'requests' | 'tokens'

export function unitOf(rule: Limit['rule']): Unit {
  return rule === 'rps' || rule === 'rpm' ? 'requests' : 'tokens'
}

/** What a denial by this rule looks like from outside. */
export function causeOf(rule: Rule): Cause {
  if (rule === 'burst') return 'burst'
  if (rule === 'free') return 'quota'
  return unitOf(rule)
}
