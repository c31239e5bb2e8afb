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
import { backgroundShape } from '../setup/background-shape.ts'
import { faultShape } from '../wire/handling/fault-spec.ts'
import type { RequestRecord } from '../wire/request-record.ts'

const whole = number({ atLeast: 0, whole: true })
const positive = number({ atLeast: 1, whole: true })
const notNegative = number({ atLeast: 0 })
const instant: Shape<string> = shapeOf(anyText, () => ({ type: 'string', format: 'date-time' }))
const millis = about(number({}), 'Simulated time, in milliseconds since 1970.')

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
      'A sentence for each of the first 20 problems, which names the field, the value and what is expected, and then how many more were found: of a long list not every item is checked.',
    ),
    hint: about(optional(anyText), 'A remedy.'),
  }),
)

/** The reply to a request for the health of the server. */
export const healthReply = named(
  'Health',
  object({
    status: oneOf(['ok']),
    now: about(instant, 'Simulated time.'),
    inFlight: about(whole, 'Number of requests that have arrived and have not ended.'),
  }),
)

/** The fields that show how full a limit is. */
const levelFields = {
  unit: about(oneOf<Unit>(['requests', 'tokens']), 'What the limit counts.'),
  limit: about(positive, 'The limit that is in force.'),
  window: about(
    optional(positive),
    'Length of the window, in milliseconds. Absent: requests in flight have no window.',
  ),
  used: about(whole, 'The used part of the limit.'),
}

const admission = {
  admitsAt: about(
    orNull(instant),
    'The instant at which the request would be admitted if no other request were admitted before it. null: never.',
  ),
  admitsAfterMs: about(orNull(whole), 'The time until that instant, in milliseconds. null: never.'),
}

const load = object({
  inFlight: about(whole, 'Number of requests that are being served.'),
  waiting: about(whole, 'Number of requests that are not decided yet, because the queue or a fault holds them.'),
})

const windowReply = named(
  'Window',
  object({
    rule: about(oneOf(rules), 'The limit’s rule.'),
    ...levelFields,
    fill: about(notNegative, '`used` divided by `limit`.'),
    hasRoom: about(
      optional(flag),
      'Of a soft limit, whether the platform has room beyond it, so that nothing is denied. Absent: the limit is not soft.',
    ),
    phase: about(
      optional(whole),
      'An instant at which a fixed window or an interval of a burst guard begins, in milliseconds since 1970. Absent: the window has no grid.',
    ),
    ...admission,
  }),
)

const modelReply = object({
  model: anyText,
  workspace: about(orNull(anyText), 'The workspace that has these limits. null: the account itself has them.'),
  standing: about(
    oneOf<Standing>(['free', 'billed', 'stopped', 'unpayable', 'arrears']),
    'The billing of requests to this model. free: there is free quota left. billed: requests are billed. stopped: requests are refused instead of billed. unpayable: requests are refused, because the account cannot be billed. arrears: requests are refused, because there are unpaid bills.',
  ),
  freeLeft: about(whole, 'The rest of the free quota, in tokens.'),
  requests: load,
  ...admission,
  windows: about(
    list(windowReply),
    'The limits, the burst guards and the limit on requests in flight, in the order in which they are asked.',
  ),
})

/** The most accounts that a state shows, and the most models of all these accounts together. */
export const accountsShown = 100
export const modelsShown = 500

const accountReply = named(
  'Account',
  object({
    name: anyText,
    keys: about(list(anyText), 'The keys of the account, redacted.'),
    workspaces: list(object({ name: anyText, keys: about(list(anyText), 'The keys of the workspace, redacted.') })),
    billing: object(billingFields),
    spent: about(notNegative, 'The sum of all bills, in the profile’s currency.'),
    requests: load,
    models: about(
      list(modelReply),
      `The models that requests have named since the start. A state shows at most ${modelsShown} models of all accounts.`,
    ),
    modelsLeftOut: about(whole, 'Number of further models of the account, which are not shown.'),
  }),
)

const scalars = ['string', 'number', 'boolean']
const switchValue: Shape<SwitchRow['default']> = shapeOf(
  (field, value) =>
    scalars.includes(typeof value) ? [] : [`Expected \`${field}\` to be the value of a switch, got ${show(value)}`],
  () => ({ type: scalars }),
)

/** The reply that has the state of the mock. */
export const stateReply = named(
  'State',
  object({
    profile: anyText,
    title: about(anyText, 'The profile’s title.'),
    currency: about(anyText, 'The currency of the profile’s prices.'),
    seed: number({}),
    clock: object({
      now: about(instant, 'Simulated time.'),
      ms: millis,
      speed: about(
        orNull(notNegative),
        'Simulated milliseconds in one real millisecond. null: time is virtual, and does not follow the wall clock.',
      ),
      paused: flag,
    }),
    requests: load,
    switches: list(
      object({
        name: anyText,
        value: switchValue,
        default: switchValue,
        label: about(
          oneOf(['assumption', 'fact']),
          'Whether the default is an assumption or a fact about the service.',
        ),
        about: about(anyText, 'What the switch sets.'),
      }),
    ),
    // A fault may still name an account that a config has removed, so this is not the shape of the action's body.
    faults: about(list(named('PlannedFault', faultShape(anyReference))), 'The fault plan.'),
    background: about(backgroundShape(anyReference), 'The other users of the accounts.'),
    accounts: about(
      list(accountReply),
      `The account that the query or the body names; otherwise the first ${accountsShown} accounts.`,
    ),
    accountsLeftOut: about(whole, 'Number of further accounts, which are not shown.'),
  }),
)

/** The state of a mock. */
export type State = TypeOf<typeof stateReply>

const denialReply = named(
  'Denial',
  object({
    rule: about(oneOf(rules), 'The rule that the reply tells of: the first that was asked and denied.'),
    rules: about(list(oneOf(rules)), 'Every rule that denied the request at that instant.'),
    unit: optional(levelFields.unit),
    limit: optional(levelFields.limit),
    window: levelFields.window,
    used: optional(levelFields.used),
    asked: about(optional(whole), 'The cost of the request, in the unit of the limit.'),
    ...admission,
  }),
)

/** The limit that denied a request. */
export type DenialReply = TypeOf<typeof denialReply>

const entryReply = named(
  'JournalEntry',
  object({
    number: about(positive, 'The number of the request. Requests are numbered from 1 in the order of arrival.'),
    id: about(anyText, 'The value of the reply’s header x-request-id.'),
    arrivedAt: millis,
    arrived: about(instant, 'The instant of the arrival, in simulated time.'),
    method: anyText,
    path: anyText,
    protocol: anyText,
    key: about(anyText, 'The API key, redacted.'),
    account: about(optional(anyText), 'The account that has the key.'),
    workspace: about(optional(anyText), 'The workspace of the account that has the key.'),
    model: about(optional(anyText), 'The model that the request named.'),
    isStream: about(optional(flag), 'Whether the request asked for a stream.'),
    promptTokens: optional(whole),
    verdict: about(
      optional(oneOf(verdicts)),
      'The decision on the request. Absent: the request did not reach a model.',
    ),
    decidedAt: optional(millis),
    denial: about(optional(denialReply), 'The limit that denied the request.'),
    error: about(optional(oneOf(errorNames)), 'The name of the error with which the request was answered.'),
    fault: about(optional(anyText), 'The fault of the fault plan that acted on the request.'),
    status: about(optional(whole), 'The HTTP status. 0: the connection was broken before a status was sent.'),
    outputTokens: optional(whole),
    money: about(optional(notNegative), 'The price of the request, in the profile’s currency.'),
    firstTokenAt: optional(millis),
    endedAt: optional(millis),
    end: about(
      optional(oneOf(['answered', 'left', 'broken'])),
      'The end of the request. answered: the answer is complete. left: the client left before that. broken: a fault broke the connection.',
    ),
    why: about(anyText, 'A sentence that says what was decided and why.'),
  } satisfies Checks<RequestRecord & { arrived: string; why: string }>),
)

/** The entry of the journal that the control plane shows for a request. */
export type JournalEntry = TypeOf<typeof entryReply>

/** The reply that has entries of the journal. */
export const journalReply = named(
  'Journal',
  object({
    now: about(instant, 'Simulated time.'),
    entries: about(list(entryReply), 'The entries, the oldest first.'),
    hasEarlier: about(
      flag,
      'Whether the query also matches earlier entries. `before` with the number of the first entry asks for them.',
    ),
  }),
)
