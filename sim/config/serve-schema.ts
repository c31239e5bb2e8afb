import type { Bounds } from '../../src/core/expect.ts'
import { errorNames } from '../errors/error-table.ts'
import { profiles } from '../profiles/profiles.ts'
import { defaultProfile } from '../setup/defaults.ts'
import { switchTable } from '../switches/provider-switches.ts'
import type { SwitchRow } from '../switches/switch-table.ts'
import { wireSwitchTable } from '../switches/wire-switches.ts'
import { speeds } from '../time/wall-timeline.ts'

/** The greatest whole number of a config. */
const largestNumber = Number.MAX_SAFE_INTEGER

/** A JSON Schema, or a part of one. */
type Schema = Readonly<Record<string, unknown>>

function row({ default: usual, values, label, about }: SwitchRow<unknown>): Schema {
  const base = { description: `${about[0]!.toUpperCase()}${about.slice(1)} (${label}).`, default: usual }
  if (Array.isArray(values)) return { ...base, enum: values }
  const { above, atLeast, atMost, whole = false } = values as Bounds
  return {
    ...base,
    type: whole ? 'integer' : 'number',
    ...(above !== undefined && { exclusiveMinimum: above }),
    ...(atLeast !== undefined && { minimum: atLeast }),
    ...(atMost !== undefined ? { maximum: atMost } : whole ? { maximum: largestNumber } : {}),
  }
}

function table(rows: object, description: string): Schema {
  const properties = Object.fromEntries(Object.entries(rows).map(([name, each]) => [name, row(each)]))
  return { description, type: 'object', additionalProperties: false, properties }
}

function text(description: string, more: Schema = {}): Schema {
  return { description, type: 'string', pattern: '\\S', ...more }
}

/** What a header can carry: visible ASCII. */
const sendable = '^[!-~]+$'

function positive(description: string): Schema {
  return { description, type: 'integer', exclusiveMinimum: 0, maximum: largestNumber }
}

const keys = {
  description: 'API keys; no two accounts share one.',
  type: 'array',
  minItems: 1,
  uniqueItems: true,
  items: { type: 'string', pattern: sendable },
}
/** What `serve.schema.json` holds: the shape of a `ServeConfig`, made of the same tables as its checks. */
export const serveSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'ratelab.serve/1',
  title: 'Config of ratelab serve',
  description:
    'What the mock provider is, and how it is served. Everything has a default; flags of the command line come first.',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { description: 'For editors; ratelab does not read it.', type: 'string' },
    profile: {
      description: 'Whose limits, prices and spellings hold. Changes only with a restart.',
      enum: Object.keys(profiles),
      default: defaultProfile,
    },
    accounts: {
      description:
        'Main accounts. Limits are summed over all keys of an account. Default: one account main with the key sk-ratelab.',
      type: 'array',
      minItems: 1,
      items: { $ref: '#/$defs/account' },
    },
    limits: {
      description:
        'Limits in place of the profile’s, by model; an empty list is no limit at all. A model that the profile lacks is added.',
      $ref: '#/$defs/limitsByModel',
    },
    switches: table(switchTable, 'Behaviours of the provider that are not established, or that vary.'),
    wire: table(
      wireSwitchTable,
      'Behaviours of the wire that are not established, or that vary. They change spellings, never decisions.',
    ),
    faults: {
      description: 'What is to go wrong, with which requests; the first whose time has come befalls a request.',
      type: 'array',
      items: { $ref: '#/$defs/fault' },
    },
    seed: {
      description: 'The number from which all chance follows. Changes only with a restart.',
      type: 'integer',
      minimum: 0,
      maximum: 2 ** 32,
      default: 1,
    },
    speed: {
      description: 'Simulated milliseconds a real one; 0: paused.',
      anyOf: [{ const: 0 }, { type: 'number', minimum: speeds.atLeast, maximum: speeds.atMost }],
      default: 1,
    },
    port: {
      description: 'Where it listens; 0: any free port. Changes only with a restart.',
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 8420,
    },
    host: text('On which address it listens. Changes only with a restart.', { default: '127.0.0.1' }),
    maxBodyBytes: {
      description: 'The longest body that is read. Changes only with a restart.',
      type: 'integer',
      minimum: 1,
      maximum: 2 ** 30,
      default: 20 * 1024 * 1024,
    },
    controlToken: text(
      'Lets whoever knows it use the control interface from another machine. Changes only with a restart.',
      { pattern: sendable },
    ),
    accessLog: {
      description: 'One JSON line a request: true for standard error, a text for a file. Changes only with a restart.',
      type: ['boolean', 'string'],
      pattern: '\\S',
      default: false,
    },
  },
  $defs: {
    limit: {
      description: 'At most so many requests (rps, rpm) or tokens (tps, tpm) in any window.',
      type: 'object',
      additionalProperties: false,
      required: ['rule', 'limit', 'window'],
      properties: {
        rule: {
          description: 'What is counted. rps and tps name windows shorter than a minute, rpm and tpm the others.',
          enum: ['rps', 'rpm', 'tps', 'tpm'],
        },
        limit: positive('The number.'),
        window: positive('Length of the window, milliseconds.'),
      },
    },
    limitsByModel: {
      type: 'object',
      propertyNames: { pattern: '\\S' },
      additionalProperties: { type: 'array', items: { $ref: '#/$defs/limit' } },
    },
    workspace: {
      description: 'Keys that share a limit of their own below the account’s.',
      type: 'object',
      additionalProperties: false,
      required: ['name', 'keys', 'limits'],
      properties: {
        name: text('Its name, once in its account.'),
        keys,
        limits: { description: 'Its limits, by model.', $ref: '#/$defs/limitsByModel' },
      },
    },
    account: {
      description: 'A main account.',
      type: 'object',
      additionalProperties: false,
      required: ['name', 'keys'],
      properties: {
        name: text('Its name, once in the file.'),
        keys,
        freeTokens: {
          description: 'What is left of the free quota of each model, tokens.',
          type: 'integer',
          minimum: 0,
          maximum: largestNumber,
          default: 0,
        },
        stopWhenFreeIsUsed: {
          description: 'Whether requests are refused with 403 once the free quota is used up, instead of billed.',
          type: 'boolean',
          default: false,
        },
        payable: { description: 'Whether the account can be billed at all.', type: 'boolean', default: true },
        arrears: {
          description: 'Whether it is overdue: 400 Arrearage for everything.',
          type: 'boolean',
          default: false,
        },
        workspaces: { description: 'Its workspaces.', type: 'array', items: { $ref: '#/$defs/workspace' } },
      },
    },
    fault: {
      description: 'One fault.',
      type: 'object',
      additionalProperties: false,
      required: ['when', 'do'],
      properties: {
        match: {
          description: 'The requests it may befall: all that is named is true of them. Absent: every request.',
          type: 'object',
          additionalProperties: false,
          properties: {
            model: text('Name of a model.'),
            account: text('Name of an account.'),
            protocol: text('Name of a protocol, as the journal has it.'),
            path: text('Path of the request.'),
            stream: { description: 'Whether the answer is streamed.', type: 'boolean' },
          },
        },
        when: {
          description:
            'Which of them: all, the first so many, every so many-th, or each with a probability that follows from the seed.',
          oneOf: [
            { const: 'always' },
            ...['first', 'every'].map((n) => ({
              type: 'object',
              additionalProperties: false,
              required: [n],
              properties: { [n]: { type: 'integer', exclusiveMinimum: 0, maximum: largestNumber } },
            })),
            {
              type: 'object',
              additionalProperties: false,
              required: ['probability'],
              properties: { probability: { type: 'number', minimum: 0, maximum: 1 } },
            },
          ],
        },
        do: {
          description: 'What happens: a delay, one of error, break and capacity, or both.',
          type: 'object',
          additionalProperties: false,
          dependentSchemas: {
            after: { required: ['break'], properties: { break: { const: 'mid-body' } } },
            placement: { anyOf: [{ required: ['error'] }, { required: ['capacity'] }] },
            shape: { required: ['placement'], properties: { placement: { enum: ['first-frame', 'mid-stream'] } } },
          },
          properties: {
            delay: {
              description: 'Held for so long before anything else, milliseconds.',
              type: 'integer',
              minimum: 1,
              maximum: 86_400_000,
            },
            error: { description: 'Answered with this row of the error table.', enum: errorNames },
            placement: {
              description: 'Where the error appears in a stream; absent: where the switch errorPlacement says.',
              enum: wireSwitchTable.errorPlacement.values,
            },
            shape: {
              description: 'What the error looks like in the stream; absent: as the switch errorShape says.',
              enum: wireSwitchTable.errorShape.values,
            },
            break: {
              description: 'The connection breaks before anything is decided, or within the body.',
              enum: ['before', 'mid-body'],
            },
            after: {
              description: 'Where a body breaks: below 1 a share of it, from 1 on after so many frames.',
              default: 0.5,
              anyOf: [
                { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
                { type: 'integer', minimum: 1, maximum: largestNumber },
              ],
            },
            capacity: { description: '503: out of capacity.', const: true },
          },
          oneOf: [
            { required: ['error'] },
            { required: ['break'] },
            { required: ['capacity'] },
            {
              required: ['delay'],
              not: { anyOf: [{ required: ['error'] }, { required: ['break'] }, { required: ['capacity'] }] },
            },
          ],
        },
      },
    },
  },
}
