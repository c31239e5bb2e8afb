import {
  about,
  atMost,
  byName,
  type Checks,
  distinct,
  flag,
  isObject,
  list,
  named,
  number,
  object,
  oneOf,
  optional,
  repeated,
  type Shape,
  shapeOf,
  type TypeOf,
  text,
} from '../checks/shape.ts'
import type { Millis } from '../core/clock.ts'
import { kindOf, show } from '../core/expect.ts'
import { isPlanRule, type Limit, limitRules, longestWindow, monthLong, type PlanRule, weekLong } from '../core/limit.ts'

/** The shapes of the names of accounts and of models, wherever something refers to them. */
export interface References {
  readonly account: Shape<string>
  readonly model: Shape<string>
}

/** References where the accounts and the models are not known: any name is accepted. */
export const anyReference: References = { account: text, model: text }

/** The shape of a limit by one of these rules, whose window has this shape. */
function limitBy(rules: readonly Limit['rule'][], window: Shape<number>): Shape<Limit> {
  return object({
    rule: about(
      oneOf(rules),
      'What is counted: requests (rps, rpm) or tokens (tps, tpm). rps and tps are for windows shorter than a minute, rpm and tpm for all others. plan-hour, plan-week and plan-month count requests as a Coding Plan does: in hours that slide minute by minute, from Monday 00:00 UTC+8, and from the first of a month.',
    ),
    limit: about(number({ above: 0, whole: true }), 'The greatest number of requests or tokens in any window.'),
    window: about(window, 'Length of the window, ms. At most 366 days.'),
    soft: about(
      optional(flag, false),
      'Whether the number is only guaranteed: while the platform has room (switches softRoom and softCycle), nothing beyond it is denied.',
    ),
  } satisfies Checks<Limit>)
}

const anyLength = number({ above: 0, atMost: longestWindow, whole: true })

/** The shape of the window of a week or a month of the calendar: of a month it is the greatest. */
function only(length: Millis, rule: PlanRule): Shape<number> {
  return shapeOf(
    (field, value) =>
      value === length ? [] : [`Expected \`${field}\` to be ${length}, the window of ${rule}, got ${show(value)}`],
    () => ({ const: length }),
  )
}

const anyLimit = limitBy(limitRules, anyLength)
const ofCalendar: ReadonlyMap<unknown, Shape<Limit>> = new Map([
  ['plan-week', limitBy(['plan-week'], only(weekLong, 'plan-week'))],
  ['plan-month', limitBy(['plan-month'], only(monthLong, 'plan-month'))],
])
const ofAnyLength = limitBy(
  limitRules.filter((rule) => !ofCalendar.has(rule)),
  anyLength,
)

const limit: Shape<Limit> = shapeOf(
  (field, value) => (ofCalendar.get(isObject(value) && value.rule) ?? anyLimit)(field, value),
  (refer) => ({ anyOf: [ofAnyLength, ...ofCalendar.values()].map((each) => each.schema(refer)) }),
)

/** The most limits of a model. Every request is checked against each of them. */
const mostLimits = 10

/** A list of limits. This is all that JSON Schema can express about it. */
export const limitList: Shape<readonly Limit[]> = atMost(mostLimits, list(named('Limit', limit)))

/** The same list, no two limits of which may have the same rule and the same window. */
export const limitsShape: Shape<readonly Limit[]> = shapeOf(
  (field, value) => [...limitList(field, value), ...repeated(field, value, '', windowOf)],
  limitList.schema,
)

/** The same list of limits, none of which only a provider has: those of a gateway, which has no room and no calendar. */
export const hardLimitsShape: Shape<readonly Limit[]> = shapeOf((field, value) => {
  const problems = limitsShape(field, value)
  if (problems.length > 0) return problems
  return (value as readonly Limit[]).flatMap(({ rule, soft }, i) => [
    ...(soft
      ? [`Expected \`${field}[${i}]\` not to be soft, since only a provider has soft limits, got soft: true`]
      : []),
    ...(isPlanRule(rule)
      ? [`Expected \`${field}[${i}].rule\` to be no rule of a plan, which only a provider has, got ${show(rule)}`]
      : []),
  ])
}, limitsShape.schema)

/** Returns the rule and the window of a limit as text, or undefined when the value is not a limit. */
function windowOf(value: unknown): string | undefined {
  const { rule, window } = isObject(value) ? value : {}
  return typeof rule === 'string' && typeof window === 'number' ? `${rule} in ${window} ms` : undefined
}

/** An object with a list of limits for each model. `model` is the shape of a model's name. */
export function limitsByModel(model: Shape<string>): Shape<Readonly<Record<string, readonly Limit[]>>> {
  return byName(model, limitsShape)
}

/** A text that `Authorization: Bearer` can carry. A message about it does not quote it, since it may be a real key. */
export const keyText: Shape<string> = shapeOf(
  (field, value) => {
    if (typeof value === 'string' && visibleAscii.test(value)) return []
    const got = typeof value === 'string' && value !== '' ? 'something else' : kindOf(value)
    return [`Expected \`${field}\` to be visible ASCII without spaces, as a header carries it, got ${got}`]
  },
  () => ({ type: 'string', pattern: visibleAscii.source }),
)

const visibleAscii = /^[!-~]+$/

const keys = about(
  distinct(list(keyText, 1, kindOf), kindOf),
  'API keys. No key may be in two accounts, or in two workspaces.',
)

/** The fields of an account that concern money. */
export const billingFields = {
  freeTokens: about(number({ atLeast: 0, whole: true }), 'The rest of the free quota of each model, in tokens.'),
  stopWhenFreeIsUsed: about(
    flag,
    'Whether requests are refused with 403, instead of billed, after the free quota is used up. The console has a switch for this.',
  ),
  payable: about(
    flag,
    'Whether the account can be billed. If not, requests get a 429 "Free allocated quota exceeded." after the free quota is used up.',
  ),
  arrears: about(flag, 'Whether the account has unpaid bills. If so, every request gets a 400 Arrearage.'),
}

/** The defaults of these fields: the free quota is used up, and everything is billed. */
export const defaultBilling = { freeTokens: 0, stopWhenFreeIsUsed: false, payable: true, arrears: false }

function workspaceShape(model: Shape<string>) {
  return object(
    {
      name: about(text, 'Name of the workspace. No other workspace of the account has the same name.'),
      keys,
      limits: about(
        named('LimitsByModel', limitsByModel(model)),
        'Limits of the workspace, by model. The limits of the account apply as well.',
      ),
    },
    kindOf,
  )
}

function accountShape(model: Shape<string>) {
  const { freeTokens, stopWhenFreeIsUsed, payable, arrears } = billingFields
  return object(
    {
      name: about(text, 'Name of the account. No other account has the same name.'),
      keys,
      freeTokens: optional(freeTokens, defaultBilling.freeTokens),
      stopWhenFreeIsUsed: optional(stopWhenFreeIsUsed, defaultBilling.stopWhenFreeIsUsed),
      payable: optional(payable, defaultBilling.payable),
      arrears: optional(arrears, defaultBilling.arrears),
      workspaces: about(
        optional(list(named('WorkspaceSpec', workspaceShape(model)), 0, kindOf)),
        'Workspaces: sets of keys of the account that have further limits in common.',
      ),
    },
    kindOf,
  )
}

/** A main account. All its keys count against the same limits. */
export type AccountSpec = TypeOf<ReturnType<typeof accountShape>>

/**
 * A set of keys that have further limits in common. Strategies send with the keys of the account. A request counts in the workspace
 * when the workspace also lists its key.
 */
export type WorkspaceSpec = TypeOf<ReturnType<typeof workspaceShape>>

/** A list of accounts. Rules between accounts are checked in `sim/setup/world-problems.ts`. */
export function accountsShape({ model }: Pick<References, 'model'>): Shape<readonly AccountSpec[]> {
  return list(named('AccountSpec', accountShape(model)), 1, kindOf)
}
