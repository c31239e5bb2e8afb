import { type Context, Hono } from 'hono'
import { named, oneOf, type Shape, type TypeOf } from '../../src/checks/shape.ts'
import { OptionError } from '../../src/core/expect.ts'
import { isoTime } from '../../src/core/system-clock.ts'
import type { References } from '../../src/scenario/accounts.ts'
import { entriesAtOnce } from '../mock/journal-query.ts'
import type { Mock } from '../mock/mock.ts'
import { actions, Conflict } from './actions.ts'
import { isAllowed } from './authorize.ts'
import { type Bodies, bodies } from './bodies.ts'
import { journalEntry } from './journal-entry.ts'
import { jsonBody } from './json-body.ts'
import { jsonReply } from './json-reply.ts'
import { metricsText, metricsType } from './metrics.ts'
import { openApi } from './open-api.ts'
import { problem, unroutedReply } from './problem-reply.ts'
import { noQuery, queries, queryOf } from './queries.ts'
import type { healthReply, journalReply } from './replies.ts'
import { stateOf } from './state.ts'
import { tally } from './tally.ts'

/** The options of a control plane. */
export interface ControlOptions {
  /** The token that every caller must send. Default: none; only callers on this machine may use the control plane. */
  readonly token?: string
}

/** The data that @hono/node-server passes with a request. */
interface Bindings {
  readonly incoming: { readonly url?: string; readonly socket: { readonly remoteAddress?: string } }
}

type Asked = Context<{ Bindings: Bindings }>

const controlPrefix = '/_ratelab'

/** Makes the control plane of a mock. It shows what the mock does and why, and changes it. The reply to a wrong request has its problems, at most 20. */
export function control(mock: Mock, { token }: ControlOptions = {}) {
  const counted = tally(mock)
  const act = actions(mock, counted)
  // A path is compared as the client wrote it, so that an encoding or a dot segment cannot lead to another route.
  const app = new Hono<{ Bindings: Bindings }>({
    getPath: (_request, { env } = {}) => env!.incoming.url!.replace(/\?.*/s, ''),
  }).basePath(controlPrefix)

  app.use(async (c, next) => {
    const caller = { address: c.env.incoming.socket.remoteAddress, headers: c.req.raw.headers }
    if (isAllowed(caller, token)) return next()
    return problem(
      c,
      403,
      token === undefined
        ? 'Expected a caller on the machine of the server, without a proxy and without a page of another site between'
        : 'Expected the control token, got none or a wrong one',
      token === undefined
        ? 'Send the request from the server’s machine straight to localhost, or start the server with a control token'
        : 'Send the token: Authorization: Bearer …',
    )
  })

  /** Answers a request after its query has been checked. */
  function asked<Q>(shape: (known: References) => Shape<Q>, answer: (c: Asked, query: Q) => Response) {
    return (c: Asked) => {
      const query = queryOf(c.env.incoming.url!)
      const problems = shape(referencesOf(mock))('query', query)
      return problems.length > 0 ? problem(c, 400, problems) : answer(c, query as Q)
    }
  }
  const plain = (answer: (c: Asked) => Response) => asked(() => noQuery, answer)
  const state = (c: Asked, account?: string) => jsonReply(c, stateOf(mock, account))

  app.get(
    '/state',
    asked(
      (known) => queries(known).state,
      (c, { account }) => state(c, account),
    ),
  )
  app.get(
    '/healthz',
    plain((c) =>
      jsonReply(c, { status: 'ok', now: isoTime(mock.timeline.now()), inFlight: mock.inFlight } satisfies TypeOf<
        typeof healthReply
      >),
    ),
  )
  app.get(
    '/openapi.json',
    plain((c) => jsonReply(c, openApi(referencesOf(mock), token !== undefined))),
  )
  app.get(
    '/metrics',
    plain((c) => c.body(metricsText(mock, counted), 200, { 'content-type': metricsType })),
  )
  app.get(
    '/journal',
    asked(
      (known) => queries(known).journal,
      (c, { limit = entriesAtOnce.usual, ...query }) => {
        const found = mock.journal.entries({ ...query, limit: limit + 1 })
        return jsonReply(c, {
          now: isoTime(mock.timeline.now()),
          entries: found.slice(-limit).map(journalEntry),
          hasEarlier: found.length > limit,
        } satisfies TypeOf<typeof journalReply>)
      },
    ),
  )
  app.delete(
    '/journal',
    plain((c) => {
      mock.journal.clear()
      return state(c)
    }),
  )
  app.delete(
    '/faults',
    plain((c) => {
      mock.setFaults([])
      return state(c)
    }),
  )
  for (const name of Object.keys(act) as (keyof Bodies)[])
    app.post(`/${name}`, async (c) => {
      const body = await jsonBody(c.req.raw)
      // The rest of a body that is too long is not read, and so no request can follow it on the connection.
      if ('problem' in body && body.status === 413) c.header('connection', 'close')
      if ('problem' in body) return problem(c, body.status, body.problem)
      const problems = [
        ...noQuery('query', queryOf(c.env.incoming.url!)),
        ...bodies(referencesOf(mock))[name]('body', body.value),
      ]
      if (problems.length > 0) return problem(c, 400, problems)
      try {
        mock.timeline.atOneInstant(() => act[name](body.value as never))
      } catch (error) {
        if (error instanceof Conflict) return problem(c, 409, error.problems)
        // The body is as documented, so an option is wrong only in the present state.
        if (error instanceof OptionError) return problem(c, 409, error.message)
        throw error
      }
      return state(c, (body.value as { readonly account?: string }).account)
    })

  // The check of the caller, which is for all methods, is no route.
  const routes = app.routes.filter(({ method }) => method !== 'ALL')
  app.notFound((c) => unroutedReply(c, routes))
  app.onError((error, c) => {
    // A caller who breaks off within the body of an action is no defect.
    if (!c.req.raw.signal.aborted) mock.onDefect(error)
    return problem(c, 500, `A defect of ratelab: ${error.message}`)
  })
  return app
}

/** Returns the shapes of the names of accounts and models that the mock has at present. */
export function referencesOf({ setup, profile }: Mock): References {
  return {
    account: named('AccountName', oneOf(setup.accounts.map(({ name }) => name))),
    model: named('ModelName', oneOf(Object.keys(profile.models))),
  }
}
