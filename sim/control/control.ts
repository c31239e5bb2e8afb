import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { didYouMean } from '../../src/checks/did-you-mean.ts'
import { oneOf, type TypeOf } from '../../src/checks/shape.ts'
import { harmlessJson } from '../../src/core/printable.ts'
import { withoutKeys } from '../../src/core/redaction.ts'
import { isoTime } from '../../src/core/system-clock.ts'
import type { References } from '../../src/scenario/accounts.ts'
import { type JournalQuery, journalQueryShape } from '../mock/journal-query.ts'
import type { Mock } from '../mock/mock.ts'
import { actions, Conflict } from './actions.ts'
import { isAllowed } from './authorize.ts'
import { type Bodies, bodies } from './bodies.ts'
import { journalEntry } from './journal-entry.ts'
import { metricsText, metricsType } from './metrics.ts'
import { openApi } from './open-api.ts'
import type { healthReply, journalReply, problemsReply } from './replies.ts'
import { stateOf } from './state.ts'
import { tally } from './tally.ts'

/** The options of a control plane. */
export interface ControlOptions {
  /** The token that lets other machines use the control plane. Default: no other machine may use it. */
  readonly token?: string
}

/** The data that @hono/node-server passes with a request. */
interface Bindings {
  readonly incoming?: { readonly socket: { readonly remoteAddress?: string } }
}

const controlPrefix = '/_ratelab'
const maxBodyBytes = 1024 * 1024

/** Makes the control plane of a mock. It shows what the mock does and why, and changes it. The reply to a wrong request has every problem. */
export function control(mock: Mock, { token }: ControlOptions = {}) {
  const counted = tally(mock)
  const act = actions(mock, counted)
  const app = new Hono<{ Bindings: Bindings }>().basePath(controlPrefix)

  app.use(async (c, next) => {
    const caller = { address: c.env?.incoming?.socket.remoteAddress, header: (name: string) => c.req.header(name) }
    if (isAllowed(caller, token)) return next()
    const remedy =
      token === undefined ? 'start the server with a control token' : 'send the token: Authorization: Bearer …'
    return problem(
      c,
      403,
      ['Expected a caller on the machine of the server, or one that has the control token'],
      `Send the request from the server’s machine to localhost, or ${remedy}`,
    )
  })

  const state = (c: Context) => json(c, stateOf(mock))
  app.get('/state', state)
  app.get('/healthz', (c) =>
    json(c, { status: 'ok', now: isoTime(mock.timeline.now()), inFlight: mock.inFlight } satisfies TypeOf<
      typeof healthReply
    >),
  )
  app.get('/openapi.json', (c) => json(c, openApi))
  app.get('/metrics', (c) => c.body(metricsText(mock, counted), 200, { 'content-type': metricsType }))
  app.get('/journal', (c) => {
    const query = journalQuery(c.req.query())
    const problems = journalQueryShape(references(mock))('query', query)
    if (problems.length > 0) return problem(c, 400, problems)
    const entries = mock.journal.entries(query as JournalQuery)
    return json(c, {
      now: isoTime(mock.timeline.now()),
      entries: entries.map(journalEntry),
    } satisfies TypeOf<typeof journalReply>)
  })
  app.delete('/journal', (c) => {
    mock.journal.clear()
    return state(c)
  })
  app.delete('/faults', (c) => {
    mock.setFaults([])
    return state(c)
  })
  for (const name of Object.keys(act) as (keyof Bodies)[])
    app.post(`/${name}`, async (c) => {
      const text = await bodyText(c.req.raw)
      if (text === undefined)
        return problem(c, 413, [`Expected a body of at most ${maxBodyBytes} bytes, got a longer one`])
      const body = parseBody(text)
      const problems =
        body === undefined ? ['Expected `body` to be JSON'] : bodies(references(mock))[name]('body', body)
      if (problems.length > 0) return problem(c, 400, problems)
      act[name](body as never)
      return state(c)
    })

  app.notFound((c) => {
    const paths = Object.keys(openApi.paths)
    const { path } = c.req
    if (!paths.includes(path))
      return problem(
        c,
        404,
        [`Expected a path of the control plane, got ${path}${didYouMean(path, paths)}`],
        `The paths are ${paths.join(', ')}`,
      )
    const methods = Object.keys(openApi.paths[path]!).map((each) => each.toUpperCase())
    c.header('allow', methods.join(', '))
    return problem(c, 405, [`Expected ${methods.join(' or ')}, got ${c.req.method}`])
  })
  app.onError((error, c) => {
    if (error instanceof Conflict) return problem(c, 409, [error.message])
    if (error instanceof RangeError) return problem(c, 400, [error.message])
    return problem(c, 500, [`A defect of ratelab: ${error.message}`])
  })
  return app
}

function problem(
  c: Context,
  status: 400 | 403 | 404 | 405 | 409 | 413 | 500,
  problems: readonly string[],
  hint?: string,
) {
  return json(
    c,
    { problems: problems.map(withoutKeys), ...(hint !== undefined && { hint }) } satisfies TypeOf<typeof problemsReply>,
    status,
  )
}

/** Replies with JSON that a terminal shows without obeying it. Strangers wrote some of its texts. */
function json(c: Context, value: object, status: ContentfulStatusCode = 200) {
  return c.body(harmlessJson(value), status, { 'content-type': 'application/json' })
}

/**
 * Returns the body as text, or undefined when it is too long. The body limit of Hono is not used, because it makes a native `Request`
 * from the one of node-server, which throws.
 */
async function bodyText({ body }: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** Returns the value of a body in JSON, or undefined when the body is not JSON. An empty body counts as an empty object. */
function parseBody(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Returns the query with numbers in place of texts. A text that is not a number becomes NaN, which the check refuses. */
function journalQuery(query: Readonly<Record<string, string>>): object {
  const numbers = ['since', 'limit'].filter((name) => query[name] !== undefined)
  return { ...query, ...Object.fromEntries(numbers.map((name) => [name, Number(query[name]!.trim() || Number.NaN)])) }
}

/** Returns the shapes of the names of accounts and models that the mock has at present. */
function references({ setup, profile }: Mock): References {
  return { account: oneOf(setup.accounts.map(({ name }) => name)), model: oneOf(Object.keys(profile.models)) }
}
