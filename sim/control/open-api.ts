import { rules } from '../../src/core/limit.ts'
import { metricsType } from './metrics.ts'
import { ref, type Schema, schemas } from './schemas.ts'

export interface OpenApi {
  readonly openapi: string
  readonly info: Readonly<Record<string, string>>
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: typeof schemas; readonly securitySchemes: object }
  readonly security: readonly object[]
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly object[]
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, Response>>
}

interface Response {
  readonly description: string
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>
}

const json = (description: string, schema: Schema): Response => ({
  description,
  content: { 'application/json': { schema } },
})
const problems = (description: string): Response => json(description, ref('Problems'))
const state = json('The state afterwards.', ref('State'))
const denied = { 403: problems('Neither from this machine nor with the token.') }

function reading(operationId: string, summary: string, reply: Response): Operation {
  return { operationId, summary, responses: { 200: reply, ...denied } }
}

function changing(operationId: string, summary: string, body?: string): Operation {
  if (body === undefined) return reading(operationId, summary, state)
  return {
    operationId,
    summary,
    requestBody: { required: true, content: { 'application/json': { schema: ref(body) } } },
    responses: {
      200: state,
      400: problems('Every problem with the body, with its path.'),
      ...denied,
      413: problems('The body is too long.'),
    },
  }
}

const parameter = (name: string, schema: Schema, description: string) => ({ name, in: 'query', schema, description })

const journal: Operation = {
  ...reading(
    'getJournal',
    'The last requests, and what was decided about each and why.',
    json('Oldest first.', ref('Journal')),
  ),
  parameters: [
    parameter('id', { type: 'string' }, 'The x-request-id of one request.'),
    parameter('account', { type: 'string' }, 'Of this account.'),
    parameter('model', { type: 'string' }, 'To this model.'),
    parameter('verdict', { enum: ['admitted', 'refused', ...rules] }, 'Decided so.'),
    parameter('since', { type: 'integer', minimum: 0 }, 'With a higher number only.'),
    parameter('limit', { type: 'integer', minimum: 1 }, 'At most so many, the newest.'),
  ],
}

const clock = changing('setClock', 'Another speed, pause, resume, or move on at once.', 'SetClock')

/** The control plane's own description. A test holds it to what the routes do. */
export const openApi: OpenApi = {
  openapi: '3.1.0',
  info: {
    title: 'ratelab control plane',
    version: '1',
    description:
      'What a simulated provider is doing and why, and what is to be otherwise. For this machine, or with the token.',
  },
  paths: {
    '/_ratelab/state': {
      get: reading('getState', 'Clock, switches, accounts, money, windows, queue.', json('Now.', ref('State'))),
    },
    '/_ratelab/journal': {
      get: { ...journal, responses: { ...journal.responses, 400: problems('Every problem with the query.') } },
      delete: changing('clearJournal', 'Forgets all requests so far.'),
    },
    '/_ratelab/metrics': {
      get: reading('getMetrics', 'Counters and gauges for Prometheus.', {
        description: 'Text format 0.0.4.',
        content: { [metricsType]: { schema: { type: 'string' } } },
      }),
    },
    '/_ratelab/healthz': { get: reading('getHealth', 'Whether it runs.', json('It does.', ref('Health'))) },
    '/_ratelab/openapi.json': {
      get: reading('getOpenApi', 'This document.', json('OpenAPI 3.1.', { type: 'object' })),
    },
    '/_ratelab/reset': {
      post: changing('reset', 'As at the start: windows, wallets, counts, journal; requests under way go on.', 'Reset'),
    },
    '/_ratelab/limits': { post: changing('setLimits', 'Other limits for a model.', 'SetLimits') },
    '/_ratelab/quota': { post: changing('raiseQuota', 'Multiplies the limits of a model.', 'RaiseQuota') },
    '/_ratelab/billing': { post: changing('setBilling', 'Another state of the money.', 'SetBilling') },
    '/_ratelab/clock': {
      post: { ...clock, responses: { ...clock.responses, 409: problems('The clock is virtual: nobody sets it.') } },
    },
    '/_ratelab/faults': {
      post: changing('setFaults', 'What is to go wrong from now on.', 'SetFaults'),
      delete: changing('clearFaults', 'Nothing is to go wrong any more.'),
    },
  },
  components: {
    schemas,
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer' },
      token: { type: 'apiKey', in: 'header', name: 'x-ratelab-token' },
    },
  },
  security: [{}, { bearer: [] }, { token: [] }],
}
