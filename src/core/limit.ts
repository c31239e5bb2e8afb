import type { Cause } from './call.ts'
import type { Millis } from './clock.ts'

/** The limit that denied an attempt. Only the simulator knows it: the wire reveals no more than the `Cause`. */
export type Rule = 'rps' | 'rpm' | 'tps' | 'tpm' | 'burst' | 'free' | 'concurrency'

/** The rules of limits. */
export const limitRules: readonly Limit['rule'][] = ['rps', 'rpm', 'tps', 'tpm']

/** Whether a rule is that of a limit on requests or tokens in a window. */
export function isLimitRule(rule: Rule): rule is Limit['rule'] {
  return limitRules.some((each) => each === rule)
}

/** Every rule, in the order in which reports and metrics list them. */
export const rules: readonly Rule[] = [...limitRules, 'burst', 'free', 'concurrency']

/** The bit of each rule in a set of rules that is kept as a number. */
export const ruleBit: Readonly<Record<Rule, number>> = {
  rps: 1,
  rpm: 2,
  tps: 4,
  tpm: 8,
  burst: 16,
  free: 32,
  concurrency: 64,
}

/** Every set of rules as a list, by the number that keeps it. There is one list for each set, so that attempts share it. */
export const ruleSets: readonly (readonly Rule[])[] = Array.from({ length: 2 ** rules.length }, (_, bits) =>
  rules.filter((rule) => (bits & ruleBit[rule]) !== 0),
)

/** Returns the number that keeps a set of rules. */
export function ruleBits(set: readonly Rule[]): number {
  let bits = 0
  for (let i = 0; i < set.length; i++) bits |= ruleBit[set[i]!]
  return bits
}

/** The longest window of a limit: a leap year. */
export const longestWindow: Millis = 366 * 86_400_000

/**
 * At most `limit` requests (`rps`, `rpm`) or tokens (`tps`, `tpm`) in any window. `rps` and `tps` name the limits of windows that
 * are shorter than a minute, `rpm` and `tpm` those of a minute and longer.
 */
export interface Limit {
  readonly rule: 'rps' | 'rpm' | 'tps' | 'tpm'
  /** In requests or tokens. Whole, > 0. */
  readonly limit: number
  /** In milliseconds. Whole, > 0, at most `longestWindow`. */
  readonly window: Millis
  /** Whether the number is only guaranteed: while the platform has room, nothing beyond it is denied. Default: it is not. */
  readonly soft?: boolean
}

/** What a limit counts. */
export type Unit = 'requests' | 'tokens'

/** What the limits of this rule count. */
export function unitOf(rule: Limit['rule']): Unit {
  return rule === 'rps' || rule === 'rpm' ? 'requests' : 'tokens'
}

/** Returns those of the limits that count this unit. */
export function limitsOn<L extends Pick<Limit, 'rule'>>(unit: Unit, limits: readonly L[]): readonly L[] {
  return limits.filter(({ rule }) => unitOf(rule) === unit)
}

/** The cause that the wire reveals of a denial by this rule. A limit on requests in flight has the code of tokens, and a message of its own. */
export function causeOf(rule: Rule): Cause {
  if (rule === 'burst') return 'burst'
  if (rule === 'free') return 'quota'
  if (rule === 'concurrency') return 'tokens'
  return unitOf(rule)
}
