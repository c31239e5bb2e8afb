import { rules } from '../../src/core/limit.ts'
import { errorNames } from '../errors/error-table.ts'
import { wireSwitchTable } from '../switches/wire-switches.ts'
import { speeds } from '../time/wall-timeline.ts'
import type { RequestRecord } from '../wire/request-record.ts'

/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type Schema = Readonly<Record<string, unknown>>

const text = { type: 'string' }
const whole = { type: 'integer', minimum: 0 }
const positive = { type: 'integer', minimum: 1 }
const flag = { type: 'boolean' }
const instant = { type: 'string', format: 'date-time' }
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
const listOf = (items: Schema): Schema => ({ type: 'array', items })

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** An object with these fields and no others; those in `optional` may be absent. */
export function shape(
  fields: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return {
    type: 'object',
    properties: { ...fields, ...optional },
    ...(Object.keys(fields).length > 0 && { required: Object.keys(fields) }),
    additionalProperties: false,
  }
}

function described(schema: Schema, description: string): Schema {
  return { ...schema, description }
}

const rule = { enum: rules }
const load = shape({ inFlight: whole, waiting: described(whole, 'Not decided yet: held in the queue or by a fault.') })
const level = {
  rule,
  unit: { enum: ['requests', 'tokens'] },
  limit: positive,
  window: described(positive, 'ms'),
  used: whole,
}
const passing = {
  admitsAt: described(orNull(instant), 'When the request would pass if nobody else were admitted; null: never.'),
  admitsAfterMs: orNull(whole),
}
const billing = { freeTokens: whole, stopWhenFreeIsUsed: flag, payable: flag, arrears: flag }
const anyAccount = described(text, 'The name of an account; absent: every account.')

/** What every entry of the journal has, and what it may have: all that a record holds. */
const came = {
  number: described(positive, 'In the order of arrival.'),
  id: described(text, 'That of the header x-request-id.'),
  arrivedAt: { type: 'number' },
  method: text,
  path: text,
  protocol: text,
  key: described(text, 'Redacted.'),
} satisfies Partial<Record<keyof RequestRecord, Schema>>

const became: Readonly<Record<Exclude<keyof RequestRecord, keyof typeof came>, Schema>> = {
  account: text,
  workspace: text,
  model: text,
  isStream: flag,
  promptTokens: whole,
  verdict: { enum: ['admitted', 'refused', ...rules] },
  decidedAt: { type: 'number' },
  denial: ref('Denial'),
  error: { enum: errorNames },
  fault: text,
  status: whole,
  outputTokens: whole,
  money: { type: 'number', minimum: 0 },
  firstTokenAt: { type: 'number' },
  endedAt: { type: 'number' },
  end: { enum: ['answered', 'left', 'broken'] },
}

export const schemas = {
  Problems: shape({ problems: listOf(text) }, { hint: text }),
  Health: shape({ status: { const: 'ok' }, now: instant, inFlight: whole }),
  Limit: shape({ rule: { enum: ['rps', 'rpm', 'tps', 'tpm'] }, limit: positive, window: described(positive, 'ms') }),
  FaultSpec: shape(
    {
      when: {
        oneOf: [
          { const: 'always' },
          shape({ first: positive }),
          shape({ every: positive }),
          shape({ probability: { type: 'number', minimum: 0, maximum: 1 } }),
        ],
      },
      do: shape(
        {},
        {
          delay: described(positive, 'ms, before anything else'),
          error: { enum: errorNames },
          placement: { enum: wireSwitchTable.errorPlacement.values },
          break: { enum: ['before', 'mid-body'] },
          after: described(
            { type: 'number', exclusiveMinimum: 0 },
            'Where a body breaks: below 1 a share of it, from 1 on so many frames of a stream.',
          ),
          capacity: { const: true },
        },
      ),
    },
    { match: shape({}, { model: text, account: text, protocol: text, path: text, stream: flag }) },
  ),
  Window: shape({ ...level, fill: { type: 'number', minimum: 0 }, ...passing }),
  Account: shape({
    name: text,
    keys: described(listOf(text), 'Redacted.'),
    workspaces: listOf(shape({ name: text, keys: listOf(text) })),
    billing: shape(billing),
    spent: described({ type: 'number', minimum: 0 }, 'In the profile’s currency.'),
    requests: load,
    models: listOf(
      shape({
        model: text,
        workspace: orNull(text),
        standing: { enum: ['free', 'billed', 'stopped', 'unpayable', 'arrears'] },
        freeLeft: described(whole, 'Tokens.'),
        requests: load,
        ...passing,
        windows: listOf(ref('Window')),
      }),
    ),
  }),
  State: shape({
    profile: text,
    title: text,
    currency: text,
    seed: { type: 'number' },
    clock: shape({
      now: instant,
      ms: { type: 'number' },
      speed: described(orNull({ type: 'number', minimum: 0 }), 'Simulated seconds a real one; null: virtual time.'),
      paused: flag,
    }),
    requests: load,
    switches: listOf(
      shape({ name: text, value: {}, default: {}, label: { enum: ['assumption', 'fact'] }, about: text }),
    ),
    faults: listOf(ref('FaultSpec')),
    accounts: listOf(ref('Account')),
  }),
  Denial: shape({ rule, ...passing }, { ...level, asked: whole }),
  JournalEntry: shape({ ...came, arrived: instant, why: described(text, 'What was decided, in plain words.') }, became),
  Journal: shape({ now: instant, entries: listOf(ref('JournalEntry')) }),
  Reset: shape({}, { seed: { type: 'number' } }),
  SetLimits: shape({ model: text, limits: listOf(ref('Limit')) }, { account: anyAccount }),
  RaiseQuota: shape(
    { model: text, factor: { type: 'number', exclusiveMinimum: 0, maximum: 1000 } },
    { account: anyAccount },
  ),
  SetBilling: shape({}, { account: anyAccount, ...billing }),
  SetClock: shape(
    {},
    {
      speed: { anyOf: [{ const: 0 }, { type: 'number', minimum: speeds.atLeast, maximum: speeds.atMost }] },
      paused: flag,
      advance: described(whole, 'ms, at once'),
    },
  ),
  SetFaults: shape({ faults: listOf(ref('FaultSpec')) }),
} satisfies Readonly<Record<string, Schema>>
