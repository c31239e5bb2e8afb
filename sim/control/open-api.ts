import { definitionsAt, type Schema } from '../../src/checks/schema.ts'
import type { Shape } from '../../src/checks/shape.ts'
import type { References } from '../../src/scenario/accounts.ts'
import { type Bodies, bodies } from './bodies.ts'
import { metricsType } from './metrics.ts'
import { noQuery, queries } from './queries.ts'
import { healthReply, journalReply, problemsReply, stateReply } from './replies.ts'

/** The parts of an OpenAPI 3.1 document that this one has. */
export interface OpenApi {
  readonly openapi: string
  readonly info: Readonly<Record<string, string>>
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly securitySchemes: object }
  readonly security: readonly object[]
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly object[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, Response>>
}

interface Response {
  readonly description: string
  readonly content: Content
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

/** Returns the OpenAPI document of a control plane. `needsToken`: it answers only callers who send its token. A test compares it with the routes. */
export function openApi(known: References, needsToken: boolean): OpenApi {
  const { refer, definitions } = definitionsAt('#/components/schemas/')
  const contentOf = (shape: Shape): Content => ({ 'application/json': { schema: shape.schema(refer) } })
  const reply = (description: string, shape: Shape): Response => ({ description, content: contentOf(shape) })
  const problems = (description: string): Response => reply(description, problemsReply)
  const stateAfterwards = reply('The state after the change.', stateReply)
  const anywhere = {
    400: problems('Every problem with the query and the body, with its path.'),
    403: problems(
      needsToken
        ? 'The caller has not sent the token.'
        : 'The caller is on another machine, behind a proxy, or a page of another site.',
    ),
    500: problems('A defect of ratelab.'),
  }

  function reading(operationId: string, summary: string, answer: Response, query: Shape = noQuery): Operation {
    const { properties } = query.schema(refer) as { readonly properties: Readonly<Record<string, Schema>> }
    const parameters = Object.entries(properties).map(([name, { description, ...schema }]) => {
      return { name, in: 'query', description, schema }
    })
    return { operationId, summary, parameters, responses: { 200: answer, ...anywhere } }
  }

  const shapes = bodies(known)
  function action(name: keyof Bodies, operationId: string, summary: string): Operation {
    const shape = shapes[name]
    return {
      operationId,
      summary,
      // A missing body counts as an empty object.
      requestBody: { required: shape('body', {}).length > 0, content: contentOf(shape) },
      responses: {
        200: stateAfterwards,
        ...anywhere,
        409: problems(
          'The body is as documented, but the action is not possible: the clock is virtual or would run too far, or two limits are about the same window.',
        ),
        413: problems('The body is too long.'),
        415: problems('The body is not of the type application/json.'),
      },
    }
  }

  const { state, journal } = queries(known)
  return {
    openapi: '3.1.0',
    info: {
      title: 'ratelab control plane',
      version: '1',
      description: `Shows what a simulated provider does and why, and changes it. ${
        needsToken
          ? 'It answers callers that send its token.'
          : 'It answers callers on the machine of the server that come straight to it.'
      } Another path gets 404, and another method 405 with \`Allow\`, both with the schema Problems. HEAD is answered like GET.`,
    },
    paths: {
      '/_ratelab/state': {
        get: reading(
          'getState',
          'Returns the clock, the switches, the accounts with their money and windows, and the queue.',
          reply('The state now.', stateReply),
          state,
        ),
      },
      '/_ratelab/journal': {
        get: reading(
          'getJournal',
          'Returns the last requests, with what was decided about each and why.',
          reply('The entries, the oldest first.', journalReply),
          journal,
        ),
        delete: reading('clearJournal', 'Removes all entries of the journal.', stateAfterwards),
      },
      '/_ratelab/metrics': {
        get: reading('getMetrics', 'Returns counters and gauges for Prometheus.', {
          description: 'Prometheus’s text format, version 0.0.4.',
          content: { [metricsType]: { schema: { type: 'string' } } },
        }),
      },
      '/_ratelab/healthz': {
        get: reading('getHealth', 'Returns a short reply if the server runs.', reply('The server runs.', healthReply)),
      },
      '/_ratelab/openapi.json': {
        get: reading('getOpenApi', 'Returns this document.', {
          description: 'A document of OpenAPI 3.1.',
          content: { 'application/json': { schema: { type: 'object' } } },
        }),
      },
      '/_ratelab/reset': {
        post: action(
          'reset',
          'reset',
          'Resets windows, wallets, counts and the journal to their state at the start. Requests in flight continue.',
        ),
      },
      '/_ratelab/limits': { post: action('limits', 'setLimits', 'Replaces the limits of a model.') },
      '/_ratelab/quota': { post: action('quota', 'raiseQuota', 'Multiplies the limits of a model.') },
      '/_ratelab/billing': {
        post: action(
          'billing',
          'setBilling',
          'Changes the billing of an account. Fields that are absent do not change.',
        ),
      },
      '/_ratelab/clock': {
        post: action(
          'clock',
          'setClock',
          'Sets the speed of simulated time, pauses it, continues it, or moves it forward.',
        ),
      },
      '/_ratelab/faults': {
        post: action('faults', 'setFaults', 'Replaces the fault plan.'),
        delete: reading('clearFaults', 'Removes all faults of the fault plan.', stateAfterwards),
      },
    },
    components: {
      schemas: definitions,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        token: { type: 'apiKey', in: 'header', name: 'x-ratelab-token' },
      },
    },
    security: needsToken ? [{ bearer: [] }, { token: [] }] : [],
  }
}
