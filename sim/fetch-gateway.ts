import type { Clock, Millis } from '../src/core/clock.ts'
import { causeOf } from '../src/core/limit.ts'
import type { Random } from '../src/core/random.ts'
import { errorOf } from './errors.ts'
import { passedOn, repliedWith } from './gateway-headers.ts'
import { intl } from './profiles/intl.ts'
import { type PoolSpec, quotaPool } from './quota-pool.ts'
import { bearerKey } from './wire/bearer-key.ts'
import { errorBody, type WireError } from './wire/envelope.ts'
import { errorTable } from './wire/error-table.ts'
import type { Answer, Attendance, Attendant, Headers, Sink, WireRequest } from './wire/exchange.ts'
import { requestIds } from './wire/request-ids.ts'
import { redacted, shortened } from './wire/request-record.ts'
import { envelopeOf } from './wire/routes.ts'
import { estimatedTokens } from './wire/tokens.ts'

export interface FetchGatewaySpec extends PoolSpec {
  /** What the hop adds, each way. */
  readonly hopDelay: Millis
  /** What it charges, as a share of the provider's price: told to customers, for it keeps no books. */
  readonly priceFactor: number
}

/** An account of the pool: where it is, and the key that opens it. */
export interface UpstreamAccount {
  /** What a customer's `/v1` stands for, such as `https://example.com/compatible-mode/v1`. */
  readonly baseUrl: string
  readonly key: string
}

/** What a gateway did with one request. */
export interface GatewayRecord {
  /** From 1, in the order of arrival. */
  readonly number: number
  readonly id: string
  readonly arrivedAt: Millis
  readonly method: string
  readonly path: string
  /** Redacted. */
  readonly customer: string
  readonly priceFactor: number
  /** Where it went, in turn: the number of the account, from 1, and the status of its reply; 0: there was none. */
  readonly attempts: { readonly account: number; readonly status: number }[]
  /** The rule of the customer's own cap. */
  denied?: string
  status?: number
  endedAt?: Millis
  /** `answered`: in full; `left`: the customer hung up before; `broken`: the upstream did. */
  end?: 'answered' | 'left' | 'broken'
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

export interface FetchGateway extends Attendant {
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
  const idOf = requestIds(random.fork('ids'))
  const underWay = new Set<GatewayRecord>()
  const now = () => Math.floor(clock.now())
  let arrived = 0

  function begun(request: WireRequest, key: string): GatewayRecord {
    const number = ++arrived
    const { method, path } = request
    const { priceFactor } = spec
    const customer = redacted(key)
    const record = { number, id: idOf(number), arrivedAt: now(), method, path: shortened(path), customer, priceFactor }
    return { ...record, attempts: [] }
  }

  function over(record: GatewayRecord, end: NonNullable<GatewayRecord['end']>): void {
    if (!underWay.delete(record)) return
    record.end = end
    record.endedAt = now()
    options.ended?.(record)
  }

  /** An error of the gateway's own. */
  function refusal(record: GatewayRecord, error: WireError): Answer {
    const { status } = errorTable[error.name]
    const id = { value: record.id, place: 'request_id' } as const
    const body = JSON.stringify(errorBody(intl, envelopeOf(record.path), error, { id }))
    record.status = status
    over(record, 'answered')
    return { kind: 'whole', status, headers: { 'content-type': 'application/json', 'x-request-id': record.id }, body }
  }

  async function settled(request: WireRequest, key: string, record: GatewayRecord, gone: AbortSignal): Promise<Answer> {
    if (request.bodyLimit !== undefined)
      return refusal(record, { name: 'too-large', detail: String(request.bodyLimit) })
    if (key === '') return refusal(record, { name: 'missing-key' })
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
      const { baseUrl, key } = accounts[account]!
      pool.enter(account)
      const leave = once(() => pool.leave(account))
      gone.addEventListener('abort', leave)
      const { fetch } = options
      const response = await fetch(urlOf(baseUrl, request), {
        method: request.method,
        headers: passedOn(request, key),
        ...(request.body !== '' && { body: request.body }),
        redirect: 'manual',
        signal: gone,
      }).catch(() => undefined)
      gone.throwIfAborted()
      const status = response?.status ?? 0
      record.attempts.push({ account: account + 1, status })
      if (response && (isLast || !isWorthAnother(status)))
        return answerOf(response, record, gone, (tokens) => {
          leave()
          spent(tokens)
        })
      leave()
      await response?.body?.cancel().catch(() => {})
    }
    return refusal(record, { name: 'gateway-down' })
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
    const tail = new OutputCount()
    if (response.body && /^text\/event-stream\b/i.test(headers['content-type'] ?? '')) {
      await hop(gone)
      return { kind: 'stream', status, headers, start: (sink) => void pass(response, sink, record, gone, tail, read) }
    }
    const body = await response.text().catch(() => undefined)
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
    attend(request): Attendance {
      const left = new AbortController()
      const key = bearerKey(request)
      const record = begun(request, key)
      underWay.add(record)
      const answer = settled(request, key, record, left.signal).catch((): Answer => {
        over(record, 'broken')
        return { kind: 'hang-up' }
      })
      return {
        answer,
        leave() {
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

/** A customer's `/v1` is the account's base address; any other path is one of the account's own. */
function urlOf(baseUrl: string, { path, query }: WireRequest): string {
  const { origin, pathname } = new URL(baseUrl)
  const base = pathname.replace(/\/$/, '')
  // Put together as text: a path such as //example.com must not lead to another host.
  const [, rest] = /^\/v1(\/.*)?$/.exec(path) ?? []
  const at = path === '/v1' || rest !== undefined ? `${base}${rest ?? ''}` : path
  return `${origin}${at}${query === '' ? '' : `?${query}`}`
}

const prompts = /"(?:content|text|prompt|input|system)"\s*:\s*"((?:[^"\\]|\\.)*)"/g

/** An estimate, as the mock makes it, of all that looks like a prompt. */
function promptTokens(body: string): number {
  let tokens = 0
  for (const [, text] of body.matchAll(prompts)) tokens += estimatedTokens(text!)
  return tokens
}

/** Reads from a passing answer how many output tokens it says it has. */
class OutputCount {
  /** No more than a last frame needs. */
  #tail = ''

  add(text: string): void {
    this.#tail = (this.#tail + text).slice(-4096)
  }

  get tokens(): number {
    const found = [...this.#tail.matchAll(/"(?:completion_tokens|output_tokens)"\s*:\s*(\d{1,9})\b/g)].at(-1)
    return found ? Number(found[1]) : 0
  }
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    act()
  }
}
