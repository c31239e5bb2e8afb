import type { Cause } from './call.ts'
import type { Millis } from './clock.ts'

/** The limit that denied an attempt. Only the simulator knows it: the wire reveals no more than the `Cause`. */
export type Rule = 'rps' | 'rpm' | 'tps' | 'tpm' | 'burst' | 'free'

/** Every rule, in the order in which reports and metrics list them. */
export const rules: readonly Rule[] = ['rps', 'rpm', 'tps', 'tpm', 'burst', 'free']

/**
 * At most `limit` requests (`rps`, `rpm`) or tokens (`tps`, `tpm`) in any window. `rps` and `tps` name the limits of windows that
 * are shorter than a minute, `rpm` and `tpm` those of a minute and longer.
 */
export interface Limit {
  readonly rule: 'rps' | 'rpm' | 'tps' | 'tpm'
  /** In requests or tokens. Whole, > 0. */
  readonly limit: number
  /** In milliseconds. Whole, > 0. */
  readonly window: Millis
}

/** What a limit counts. */
export type Unit = 'requests' | 'tokens'

/** What the limits of this rule count. */
export function unitOf(rule: Limit['rule']): Unit {
  return rule === 'rps' || rule === 'rpm' ? 'requests' : 'tokens'
}

/** The cause that the wire reveals of a denial by this rule. */
export function causeOf(rule: Rule): Cause {
  if (rule === 'burst') return 'burst'
  if (rule === 'free') return 'quota'
  return unitOf(rule)
}
