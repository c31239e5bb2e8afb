import {
  about,
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
import { show } from '../core/expect.ts'
import type { Limit } from '../core/limit.ts'

/** The shapes of the names of accounts and of models, wherever something refers to them. */
export interface References {
  readonly account: Shape<string>
  readonly model: Shape<string>
}

/** References where the accounts and the models are not known: any name is accepted. */
export const anyReference: References = { account: text, model: text }

const positive = number({ above: 0, whole: true })

const limit: Shape<Limit> = object({
  rule: about(
    oneOf(['rps', 'rpm', 'tps', 'tpm']),
    'What is counted: requests (rps, rpm) or tokens (tps, tpm). rps and tps name windows shorter than a minute, rpm and tpm the others.',
  ),
  limit: about(positive, 'How many requests or tokens any window may have.'),
  window: about(positive, 'Length of the window, ms.'),
} satisfies Checks<Limit>)

const limitList = list(named('Limit', limit))

/** A list of limits, of which no two may be about the same window. JSON Schema cannot say the latter. */
export const limitsShape: Shape<readonly Limit[]> = shapeOf(
  (field, value) => [...limitList(field, value), ...repeated(field, value, '', windowOf)],
  limitList.schema,
)

/** What two limits of a list may not share; undefined where the value is no limit. */
function windowOf(value: unknown): string | undefined {
  const { rule, window } = isObject(value) ? value : {}
  return typeof rule === 'string' && typeof window === 'number' ? `${rule} in ${window} ms` : undefined
}

export function limitsByModel(model: Shape<string>): Shape<Readonly<Record<string, readonly Limit[]>>> {
  return byName(model, limitsShape)
}

/** A text that `Authorization: Bearer` can carry. A message about it does not quote it, since it may be a real key. */
export const keyText: Shape<string> = shapeOf(
  (field, value) => {
    if (typeof value === 'string' && visibleAscii.test(value)) return []
    const got = typeof value === 'string' && value !== '' ? 'something else' : show(value)
    return [`Expected \`${field}\` to be visible ASCII without spaces, as a header carries it, got ${got}`]
  },
  () => ({ type: 'string', pattern: visibleAscii.source }),
)

const visibleAscii = /^[!-~]+$/

const keys = about(distinct(list(keyText, 1)), 'API keys. No two accounts share one, and no two workspaces.')

/** The fields of an account that concern money. */
export const billingFields = {
  freeTokens: about(number({ atLeast: 0, whole: true }), 'What is left of the free quota of each model, in tokens.'),
  stopWhenFreeIsUsed: about(
    flag,
    'Whether requests are refused with 403 once the free quota is used up, instead of billed: the switch of that name in the console.',
  ),
  payable: about(
    flag,
    'Whether the account can be billed at all. If not, requests get a 429 "Free allocated quota exceeded." once the free quota is used up.',
  ),
  arrears: about(flag, 'Whether the account is overdue: every request then gets a 400 Arrearage.'),
}

/** The defaults of these fields: the free quota is used up, and everything is billed. */
export const defaultBilling = { freeTokens: 0, stopWhenFreeIsUsed: false, payable: true, arrears: false }

function workspaceShape(model: Shape<string>) {
  return object({
    name: about(text, 'Its name, which no other workspace of the account has.'),
    keys,
    limits: about(
      named('LimitsByModel', limitsByModel(model)),
      'Its limits, by model. They come on top of the account’s.',
    ),
  })
}

function accountShape(model: Shape<string>) {
  const { freeTokens, stopWhenFreeIsUsed, payable, arrears } = billingFields
  return object({
    name: about(text, 'Its name, which no other account has.'),
    keys,
    freeTokens: optional(freeTokens, defaultBilling.freeTokens),
    stopWhenFreeIsUsed: optional(stopWhenFreeIsUsed, defaultBilling.stopWhenFreeIsUsed),
    payable: optional(payable, defaultBilling.payable),
    arrears: optional(arrears, defaultBilling.arrears),
    workspaces: about(
      optional(list(named('WorkspaceSpec', workspaceShape(model)))),
      'Sets of keys that share limits of their own, below those of the account.',
    ),
  })
}

/** A main account. Limits are summed over all its keys. */
export type AccountSpec = TypeOf<ReturnType<typeof accountShape>>

/**
 * Keys that share limits of their own below the account's. Strategies send with the account's keys; a key that is
 * named there too is counted here.
 */
export type WorkspaceSpec = TypeOf<ReturnType<typeof workspaceShape>>

/** A list of accounts, each by itself. */
export function accountsShape({ model }: Pick<References, 'model'>): Shape<readonly AccountSpec[]> {
  return list(named('AccountSpec', accountShape(model)), 1)
}
