import {
  about,
  anyText,
  type Checks,
  flag,
  list,
  named,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  shapeOf,
  type TypeOf,
} from '../../src/checks/shape.ts'
import { show } from '../../src/core/expect.ts'
import { rules, type Unit } from '../../src/core/limit.ts'
import { anyReference, billingFields } from '../../src/scenario/accounts.ts'
import type { SwitchRow } from '../../src/scenario/switch-table.ts'
import { verdicts } from '../../src/scenario/world.ts'
import { errorNames } from '../errors/error-table.ts'
import type { Standing } from '../provider/billing.ts'
import { faultsShape } from '../wire/handling/fault-spec.ts'
import type { RequestRecord } from '../wire/request-record.ts'

const whole = number({ atLeast: 0, whole: true })
const positive = number({ atLeast: 1, whole: true })
const notNegative = number({ atLeast: 0 })
const instant: Shape<string> = shapeOf(anyText, () => ({ type: 'string', format: 'date-time' }))
const millis = about(number({}), 'Simulated time, in milliseconds since 1970.')
const rule = about(oneOf(rules), 'The limit’s rule.')

function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return shapeOf(
    (field, value) => (value === null ? [] : shape(field, value)),
    (refer) => ({ anyOf: [shape.schema(refer), { type: 'null' }] }),
  )
}

/** The reply to a request that cannot be served. */
export const problemsReply = named(
  'Problems',
  object({
    problems: about(
      list(anyText),
      'Every problem, each a sentence that names the field, the value and what is expected.',
    ),
    hint: about(optional(anyText), 'What to do instead.'),
  }),
)

export const healthReply = named(
  'Health',
  object({
    status: oneOf(['ok']),
    now: about(instant, 'Simulated time.'),
    inFlight: about(whole, 'How many requests have arrived and have not ended.'),
  }),
)

/** The fields that say how full a limit is. */
const levelFields = {
  unit: about(oneOf<Unit>(['requests', 'tokens']), 'What the limit counts.'),
  limit: about(positive, 'The limit in force.'),
  window: about(positive, 'Length of the window, in milliseconds.'),
  used: about(whole, 'How much of the limit is used.'),
}

const admission = {
  admitsAt: about(orNull(instant), 'When the request would be admitted if nobody else were. null: never.'),
  admitsAfterMs: about(orNull(whole), 'How many milliseconds later that is. null: never.'),
}

const load = object({
  inFlight: about(whole, 'How many requests are being served.'),
  waiting: about(whole, 'How many requests are not decided yet: held in the queue or by a fault.'),
})

const windowReply = named(
  'Window',
  object({ rule, ...levelFields, fill: about(notNegative, 'used divided by limit.'), ...admission }),
)

const modelReply = object({
  model: anyText,
  workspace: about(orNull(anyText), 'The workspace whose limits these are. null: the account’s own.'),
  standing: about(
    oneOf<Standing>(['free', 'billed', 'stopped', 'unpayable', 'arrears']),
    'How the account stands with this model: free quota is left; requests are billed; refused, because the owner wants no bill; refused, because nobody can be billed; or refused for arrears.',
  ),
  freeLeft: about(whole, 'What is left of the free quota, in tokens.'),
  requests: load,
  ...admission,
  windows: about(list(windowReply), 'The limits and the burst guards, in the order in which they deny.'),
})

const accountReply = named(
  'Account',
  object({
    name: anyText,
    keys: about(list(anyText), 'Its keys, redacted.'),
    workspaces: list(object({ name: anyText, keys: about(list(anyText), 'Its keys, redacted.') })),
    billing: object(billingFields),
    spent: about(notNegative, 'What has been billed so far, in the profile’s currency.'),
    requests: load,
    models: about(list(modelReply), 'The models that were asked for so far.'),
  }),
)

const scalars = ['string', 'number', 'boolean']
const switchValue: Shape<SwitchRow['default']> = shapeOf(
  (field, value) =>
    scalars.includes(typeof value) ? [] : [`Expected \`${field}\` to be the value of a switch, got ${show(value)}`],
  () => ({ type: scalars }),
)

export const stateReply = named(
  'State',
  object({
    profile: anyText,
    title: about(anyText, 'The profile’s title.'),
    currency: about(anyText, 'The currency of its prices.'),
    seed: number({}),
    clock: object({
      now: about(instant, 'Simulated time.'),
      ms: millis,
      speed: about(orNull(notNegative), 'How many simulated milliseconds pass in a real one. null: time is virtual.'),
      paused: flag,
    }),
    requests: load,
    switches: list(
      object({
        name: anyText,
        value: switchValue,
        default: switchValue,
        label: about(oneOf(['assumption', 'fact']), 'On what ground the default stands.'),
        about: about(anyText, 'What the switch sets.'),
      }),
    ),
    faults: about(faultsShape(anyReference), 'The fault plan.'),
    accounts: list(accountReply),
  }),
)

export type State = TypeOf<typeof stateReply>

const denialReply = named(
  'Denial',
  object({
    rule,
    unit: optional(levelFields.unit),
    limit: optional(levelFields.limit),
    window: optional(levelFields.window),
    used: optional(levelFields.used),
    asked: about(optional(whole), 'What the request asked of the limit, in its unit.'),
    ...admission,
  }),
)

export type DenialReply = TypeOf<typeof denialReply>

const entryReply = named(
  'JournalEntry',
  object({
    number: about(positive, 'The number of the request, from 1 in the order of arrival.'),
    id: about(anyText, 'The value of the reply’s header x-request-id.'),
    arrivedAt: millis,
    arrived: about(instant, 'When the request arrived, in simulated time.'),
    method: anyText,
    path: anyText,
    protocol: anyText,
    key: about(anyText, 'The API key, redacted.'),
    account: about(optional(anyText), 'The account that has the key.'),
    workspace: about(optional(anyText), 'The workspace of the account that has the key.'),
    model: about(optional(anyText), 'The model that the request named.'),
    isStream: about(optional(flag), 'Whether the request asked for a stream.'),
    promptTokens: optional(whole),
    verdict: about(optional(oneOf(verdicts)), 'How the request was decided. Absent: no model was asked.'),
    decidedAt: optional(millis),
    denial: about(optional(denialReply), 'The limit that denied the request.'),
    error: about(optional(oneOf(errorNames)), 'The row of the error table with which it was answered.'),
    fault: about(optional(anyText), 'The fault that struck the request.'),
    status: about(optional(whole), 'The HTTP status. 0: the connection was broken without one.'),
    outputTokens: optional(whole),
    money: about(optional(notNegative), 'What was billed, in the profile’s currency.'),
    firstTokenAt: optional(millis),
    endedAt: optional(millis),
    end: about(
      optional(oneOf(['answered', 'left', 'broken'])),
      'How the request ended: answered in full; the client left before; or a fault broke the connection.',
    ),
    why: about(anyText, 'What was decided and why, in plain words.'),
  } satisfies Checks<RequestRecord & { arrived: string; why: string }>),
)

/** The entry of the journal that the control plane shows for a request. */
export type JournalEntry = TypeOf<typeof entryReply>

export const journalReply = named(
  'Journal',
  object({ now: about(instant, 'Simulated time.'), entries: about(list(entryReply), 'The oldest comes first.') }),
)
