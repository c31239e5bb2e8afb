import type { Clock, Millis } from '../../../src/core/clock.ts'
import { causeOf } from '../../../src/core/limit.ts'
import type { Random } from '../../../src/core/random.ts'
import { errorBody, type WireError } from '../../errors/envelope.ts'
import { errorTable } from '../../errors/error-table.ts'
import { errorOf } from '../../errors/replies.ts'
import { intl } from '../../profiles/intl.ts'
import type { Answer, Handling, Headers, RequestHandler, Sink, WireRequest } from '../../wire/exchange.ts'
import { envelopeOf } from '../../wire/handling/routes.ts'
import { bearerKey } from '../../wire/request/headers.ts'
import { requestIds } from '../../wire/request-record.ts'
import { type PoolSpec, quotaPool } from '../quota-pool.ts'
import { repliedWith } from './headers.ts'
import { OutputCount, promptTokens } from './passing-tokens.ts'
import type { GatewayRecord } from './record.ts'
import { gatewayRegistry } from './registry.ts'
import { replyOf, textOf, type UpstreamAccount } from './upstream-account.ts'

export interface FetchGatewaySpec extends PoolSpec {
  /** What the hop adds, each way. */
  readonly hopDelay: Millis
  /** What it charges, as a share of the provider's price: told to customers, for it keeps no books. */
  readonly priceFactor: number
}

export interface FetchGatewayOptions {
  readonly spec: FetchGatewaySpec
  readonly accounts: readonly UpstreamAccount[]
  /** How accounts are reached: the platform's `fetch`, or that of a mock. */
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly random: Random
  /** Told once for each request, when nothing more will happen to it. */
  readonly ended?: (record: GatewayRecord) => void
}

export interface FetchGateway extends RequestHandler {
  readonly inFlight: number
}

/**
 * A proxy with pooled quota before accounts that speak HTTP. It replaces the customer's key by one of the pool's, tries further accounts after
 * a 429, a 5xx or a broken connection, and passes streams through as they come. Text only: what is not UTF-8 does not survive it.
 * Nothing here says that a provider's terms allow such a pool: many forbid it.
 */
export function fetchGateway(options: FetchGatewayOptions): FetchGateway {
  const { spec, accounts, clock, random } = options
  const pool = quotaPool(spec, accounts.length, random.fork('pool'))
  const now = () => Math.floor(clock.now())
  const { begun, over, underWay } = gatewayRegistry(options, now, requestIds(random.fork('ids')))

  /** An error of the gateway's own. */
  function refusal(record: GatewayRecord, error: WireError): Answer {
    const { status } = errorTable[error.name]
    const id = { value: record.id, place: 'request_id' } as const
    const body = JSON.stringify(errorBody(intl, envelopeOf(record.path), error, { id }))
    record.status = status
    over(record, 'answered')
    const { id: requestId, attempts } = record
    const tried = attempts.length > 0 ? { 'x-ratelab-attempts': String(attempts.length) } : {}
    const headers = { 'content-type': 'application/json', 'x-request-id': requestId, ...tried }
    return { kind: 'whole', status, headers, body }
  }

  async function settled(request: WireRequest, key: string, record: GatewayRecord, gone: AbortSignal): Promise<Answer> {
    if (request.bodyLimit !== undefined)
      return refusal(record, { name: 'too-large', detail: String(request.bodyLimit) })
    if (key === '') return refusal(record, { name: 'missing-key' })
    const { method, path } = request
    // Behind the origin of an account it would name another host, which would get the account's key.
    if (!path.startsWith('/')) return refusal(record, { name: 'unknown-path' })
    // No `fetch` sends one.
    if (method === 'TRACE')
      return refusal(record, { name: 'wrong-method', detail: `'TRACE' is not allowed for '${path}'` })
    await hop(gone)
    if (!pool.isUp(now())) return refusal(record, { name: 'gateway-down' })
    const cap = pool.capOf(key)
    const cost = { requests: 1, tokens: cap ? promptTokens(request.body) : 0 }
    const denial = cap?.check(cost, now())
    if (denial) {
      record.denied = denial.rule
      return refusal(record, { name: errorOf[causeOf(denial.rule)] })
    }
    cap?.charge(cost, now())
    const spent = (tokens: number) => pool.capOf(key)?.charge({ requests: 0, tokens }, now())
    return forward(request, record, gone, spent)
  }

  async function forward(
    request: WireRequest,
    record: GatewayRecord,
    gone: AbortSignal,
    spent: (tokens: number) => void,
  ): Promise<Answer> {
    const route = pool.route()
    for (const account of route) {
      const isLast = account === route.at(-1)
      const upstream = accounts[account]!
      pool.enter(account)
      const release = once(() => pool.release(account))
      gone.addEventListener('abort', release)
      const reply = await replyOf(options.fetch, upstream, request, gone)
      gone.throwIfAborted()
      if ('reason' in reply) {
        record.attempts.push({ account: account + 1, status: 0, reason: reply.reason })
        release()
        continue
      }
      record.attempts.push({ account: account + 1, status: reply.status })
      if (isLast || !isWorthAnother(reply.status))
        return answerOf(reply, record, gone, (tokens) => {
          release()
          spent(tokens)
        })
      release()
      await reply.body?.cancel().catch(() => {})
    }
    return refusal(record, { name: 'no-account-replied' })
  }

  /** Passes a reply on. `read` is told once, when all of it is there or no more will come. */
  async function answerOf(
    response: Response,
    record: GatewayRecord,
    gone: AbortSignal,
    read: (outputTokens: number) => void,
  ): Promise<Answer> {
    const { status } = response
    const headers: Headers = {
      ...repliedWith(response.headers),
      'x-ratelab-account': String(record.attempts.at(-1)!.account),
      'x-ratelab-attempts': String(record.attempts.length),
      'x-ratelab-price-factor': String(spec.priceFactor),
    }
    record.status = status
    const replyId = headers['x-request-id']
    if (replyId !== undefined) record.replyId = replyId
    const tail = new OutputCount()
    if (response.body && /^text\/event-stream\b/i.test(headers['content-type'] ?? '')) {
      await hop(gone)
      return { kind: 'stream', status, headers, start: (sink) => void pass(response, sink, record, gone, tail, read) }
    }
    const body = await textOf(response)
    tail.add(body ?? '')
    read(tail.tokens)
    if (body === undefined) {
      over(record, 'broken')
      return { kind: 'hang-up' }
    }
    await hop(gone)
    over(record, 'answered')
    return { kind: 'whole', status, headers, body }
  }

  async function pass(
    response: Response,
    sink: Sink,
    record: GatewayRecord,
    gone: AbortSignal,
    tail: OutputCount,
    read: (outputTokens: number) => void,
  ): Promise<void> {
    const decoder = new TextDecoder()
    let isWhole = true
    try {
      for await (const chunk of response.body!) {
        const text = decoder.decode(chunk, { stream: true })
        tail.add(text)
        sink.write(text)
      }
    } catch {
      isWhole = false
    }
    read(tail.tokens)
    if (gone.aborted) return
    if (isWhole) sink.end()
    else sink.break()
    over(record, isWhole ? 'answered' : 'broken')
  }

  function hop(gone: AbortSignal): Promise<void> | undefined {
    return spec.hopDelay > 0 ? clock.sleep(spec.hopDelay, gone) : undefined
  }

  return {
    get inFlight() {
      return underWay.size
    },
    handle(request): Handling {
      const left = new AbortController()
      const key = bearerKey(request)
      const record = begun(request, key)
      const answer = settled(request, key, record, left.signal).catch((): Answer => {
        over(record, 'broken')
        return { kind: 'hang-up' }
      })
      return {
        answer,
        hangUp() {
          left.abort()
          over(record, 'left')
        },
      }
    },
  }
}

/** Whether another account may do better. */
function isWorthAnother(status: number): boolean {
  return status === 429 || status >= 500
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    act()
  }
}
