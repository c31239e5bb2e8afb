import { didYouMean } from '../checks/did-you-mean.ts'
import { inputErrorOf } from '../checks/input-error.ts'
import { type Shape, shapeOf, text } from '../checks/shape.ts'
import type { Millis } from '../core/clock.ts'
import { show } from '../core/expect.ts'
import { type Limit, monthLong, type PlanRule, type Unit, weekLong } from '../core/limit.ts'
import { limitsShape } from './accounts.ts'

const minute: Millis = 60_000
const units: Readonly<Record<string, Millis>> = {
  ms: 1,
  s: 1000,
  m: minute,
  min: minute,
  h: 60 * minute,
  d: 1440 * minute,
}

/** What a word of a text of limits stands for. */
interface Word {
  readonly counts: Unit
  /** The window when none is given. Absent: one must be given. */
  readonly window?: Millis
  /** Absent: the length of the window decides. */
  readonly rule?: PlanRule
}

const words: Readonly<Record<string, Word>> = {
  rps: { counts: 'requests', window: 1000 },
  rpm: { counts: 'requests', window: minute },
  tps: { counts: 'tokens', window: 1000 },
  tpm: { counts: 'tokens', window: minute },
  requests: { counts: 'requests' },
  tokens: { counts: 'tokens' },
  'plan-hour': { counts: 'requests', window: 300 * minute, rule: 'plan-hour' },
  'plan-week': { counts: 'requests', window: weekLong, rule: 'plan-week' },
  'plan-month': { counts: 'requests', window: monthLong, rule: 'plan-month' },
}

/** Limits that have a name, which stands for their text. */
const presets: Readonly<Record<string, string>> = {
  'coding-plan': 'plan-hour:6000,plan-week:45000,plan-month:90000',
}

export type LimitsRead = { readonly limits: readonly Limit[] } | { readonly problems: readonly string[] }

/**
 * Reads limits as they are typed on a command line, or stated in a world: `rpm:60,tpm:100000`, `requests:500/6s`, `soft-tpm:5000000`, `coding-plan`,
 * or `none`.
 */
export function readLimits(field: string, text: string): LimitsRead {
  if (text === 'none') return { limits: [] }
  const parts = text.split(',').map((part) => part.trim())
  const whole = parts.map((part) => (Object.hasOwn(presets, part) ? presets[part]! : part)).join()
  const read = whole.split(',').map((part) => readLimit(field, part))
  const unread = read.filter((each) => typeof each === 'string')
  const limits = read.filter((each) => typeof each === 'object')
  const problems = unread.length > 0 ? unread : limitsShape(field, limits)
  return problems.length > 0 ? { problems } : { limits }
}

/** The shape of limits that are stated as a list or as a text. */
export const statedLimitsShape: Shape<string | readonly Limit[]> = shapeOf(
  (field, value) => {
    if (Array.isArray(value)) return limitsShape(field, value)
    if (typeof value !== 'string')
      return [`Expected \`${field}\` to be a list of limits or a text such as rpm:60,tpm:100000, got ${show(value)}`]
    const blank = text(field, value)
    if (blank.length > 0) return blank
    const read = readLimits(field, value)
    return 'problems' in read ? [...read.problems] : []
  },
  (refer) => ({ anyOf: [text.schema(refer), limitsShape.schema(refer)] }),
)

/** Returns limits that are stated as a list or as a text and have that shape. */
export function statedLimits(stated: string | readonly Limit[]): readonly Limit[] {
  if (typeof stated !== 'string') return stated
  const read = readLimits('limits', stated)
  if ('problems' in read) throw inputErrorOf(read.problems, 'SCENARIO_INVALID')
  return read.limits
}

function readLimit(field: string, part: string): Limit | string {
  const [, soft, word = '', amount, length] = /^(soft-)?([^:]*):([^/]*)(?:\/(.*))?$/.exec(part) ?? []
  if (amount === undefined)
    return `Expected \`${field}\` to be limits such as rpm:60,tpm:100000 or requests:500/6s, or none, got ${show(part)}${didYouMean(part, ['none', ...Object.keys(presets)])}`
  const known = Object.hasOwn(words, word) ? words[word] : undefined
  if (!known) {
    const names = Object.keys(words)
    return `Expected \`${field}\` to limit one of ${names.join(', ')}, got ${show(word)}${didYouMean(word, names)}`
  }
  const limit = Number(amount)
  if (amount.trim() === '' || !Number.isSafeInteger(limit) || limit <= 0)
    return `Expected \`${field} ${word}\` to be a whole number > 0, got ${show(amount)}`
  const window = length === undefined ? known.window : millisOf(length)
  if (window === undefined)
    return `Expected \`${field} ${word}\` to have a window such as 1s, 6s, 500ms or 1m after a slash, got ${length === undefined ? 'none' : show(length)}`
  const rule = known.rule ?? ruleOf(known.counts, window)
  if (known.window !== undefined && word !== rule)
    return `Expected \`${field} ${word}\` to have a window ${word.endsWith('s') ? 'shorter than a minute' : 'of a minute or longer'}, got ${show(length)}; write ${known.counts}:${limit}/${length} for any window`
  return { rule, limit, window, ...(soft && { soft: true }) }
}

/** A window shorter than a minute has the rule `rps` or `tps`, any other `rpm` or `tpm`. */
function ruleOf(counts: Unit, window: Millis): Limit['rule'] {
  if (counts === 'requests') return window < minute ? 'rps' : 'rpm'
  return window < minute ? 'tps' : 'tpm'
}

/** Reads a length of time such as `500ms`, `6s` or `10m`. Returns undefined when the text is not one. */
export function millisOf(length: string): Millis | undefined {
  const [, count, unit = ''] = /^(\d*)(ms|s|m|min|h|d)$/.exec(length) ?? []
  const window = count === undefined ? 0 : Number(count || 1) * units[unit]!
  return Number.isSafeInteger(window) && window > 0 ? window : undefined
}

/** The sentence about an option that is no length of time. */
export function lengthProblem(field: string, typed: string): string {
  return `Expected \`${field}\` to be a length of time such as 500ms, 10s or 2m, got ${show(typed)}`
}

/** Writes a limit for the start-up card: `RPM 600`, `500 requests/6 s`, `soft TPM 5,000,000`. */
export function limitsText({ rule, limit, window, soft }: Limit): string {
  if (soft) return `soft ${limitsText({ rule, limit, window })}`
  const amount = limit.toLocaleString('en-US')
  const { counts, window: usual, rule: plan } = words[rule]!
  if (window === usual) return `${rule.toUpperCase()} ${amount}`
  const seconds = window / 1000
  const length = seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
  return plan ? `${rule.toUpperCase()} ${amount}/${length}` : `${amount} ${counts}/${length}`
}
