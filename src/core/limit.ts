import type { Cause } from './call.ts'
import type { Millis } from './clock.ts'

/** The limit that denied an attempt. Only the simulator knows it: the wire reveals no more than the `Cause`. */
export type Rule = Limit['rule'] | 'burst' | 'free' | 'concurrency'

/** The rules of the limits that a plan has, such as the Coding Plan. */
export type PlanRule = 'plan-hour' | 'plan-week' | 'plan-month'

/** The rules of limits. */
export const limitRules: readonly Limit['rule'][] = ['rps', 'rpm', 'tps', 'tpm', 'plan-hour', 'plan-week', 'plan-month']

/** Whether the windows of a rule are those of a plan. */
export function isPlanRule(rule: Rule): rule is PlanRule {
  return rule === 'plan-hour' || rule === 'plan-week' || rule === 'plan-month'
}

/** Whether the windows of a rule are weeks or months of the calendar. */
export function isCalendarRule(rule: Rule): boolean {
  return rule === 'plan-week' || rule === 'plan-month'
}

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
  'plan-hour': 128,
  'plan-week': 256,
  'plan-month': 512,
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

/** The length of a week, and the greatest of a month: the windows of `plan-week` and `plan-month`. */
export const weekLong: Millis = 7 * 86_400_000
export const monthLong: Millis = 31 * 86_400_000

/**
 * At most `limit` requests (`rps`, `rpm`) or tokens (`tps`, `tpm`) in any window. `rps` and `tps` name the limits of windows that
 * are shorter than a minute, `rpm` and `tpm` those of a minute and longer. The others are limits on requests that a plan has: `plan-hour` slides, and
 * gives back minute by minute; `plan-week` and `plan-month` are weeks and months of the calendar.
 */
export interface Limit {
  readonly rule: 'rps' | 'rpm' | 'tps' | 'tpm' | PlanRule
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
  return rule === 'tps' || rule === 'tpm' ? 'tokens' : 'requests'
}

/** Returns those of the limits that count this unit. */
export function limitsOn<L extends Pick<Limit, 'rule'>>(unit: Unit, limits: readonly L[]): readonly L[] {
  return limits.filter(({ rule }) => unitOf(rule) === unit)
}

/**
 * The cause that the wire reveals of a denial by this rule. A limit on requests in flight and those of a plan have the code of tokens, and messages of
 * their own.
 */
export function causeOf(rule: Rule): Cause {
  if (rule === 'burst') return 'burst'
  if (rule === 'free' || isPlanRule(rule)) return 'quota'
  if (rule === 'concurrency') return 'tokens'
  return unitOf(rule)
}
