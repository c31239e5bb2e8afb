import type { Clock, Millis } from '../../../src/core/clock.ts'
import type { Random } from '../../../src/core/random.ts'
import type { DefectListener } from '../../defects/guard.ts'
import { defectReport } from '../../defects/report.ts'
import { errorBody, type WireError } from '../../errors/envelope.ts'
import { errorTable } from '../../errors/error-table.ts'
import { intl } from '../../profiles/intl.ts'
import type { Answer, RequestHandler } from '../../wire/exchange.ts'
import { envelopeOf } from '../../wire/handling/routes.ts'
import { bearerKey } from '../../wire/request/headers.ts'
import { requestIds } from '../../wire/request-record.ts'
import type { PoolSpec } from '../quota-pool.ts'
import { accountPolicy } from './account-policy.ts'
import type { CustomerRequest } from './customer-request.ts'
import { forwardedAnswer } from './forwarding.ts'
import type { GatewayRecord } from './record.ts'
import { gatewayRegistry } from './registry.ts'
import { replyOf, type UpstreamAccount } from './upstream-account.ts'

/** How a gateway works. */
export interface FetchGatewaySpec extends PoolSpec {
  /** How long a request takes from the customer to the gateway, and its reply on the way back, milliseconds. */
  readonly hopDelay: Millis
  /** The price of the gateway, as a share of the provider's price. It is only reported in a header and in the record. */
  readonly priceFactor: number
}

export interface FetchGatewayOptions {
  readonly spec: FetchGatewaySpec
  /** The accounts of the pool. At least one. */
  readonly accounts: readonly UpstreamAccount[]
  /** Reaches the accounts: the platform's `fetch`, or that of a mock. */
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** Draws the outages and the ids of requests. */
  readonly random: Random
  /** Called once for each request, when nothing more will happen to it. */
  readonly ended?: (record: GatewayRecord) => void
  /** Is told of each defect: what throws while a request is handled. Default: it is written to standard error, once for each place. */
  readonly onDefect?: DefectListener
}

/** A gateway that answers requests, and can be served like a mock. */
export interface FetchGateway extends RequestHandler {
  /** The number of requests that have arrived and are not over. */
  readonly inFlight: number
}

/**
 * A proxy with pooled quota in front of accounts that speak HTTP. It replaces the customer's key by a key of the pool, tries further accounts
 * after a 429, a 5xx or a broken connection, and passes streams on as they arrive. Bodies must be text in UTF-8: other bytes are changed. Whether
 * a provider's terms allow such a pool is another question: many forbid it.
 */
export function fetchGateway(options: FetchGatewayOptions): FetchGateway {
  const { spec, accounts, clock, random, onDefect = defectReport() } = options
  const now = () => Math.floor(clock.now())
  const policy = accountPolicy({ spec, size: accounts.length, random: random.fork('pool'), now })
  const { begun, over, underWay } = gatewayRegistry({ ...options, onDefect }, now, requestIds(random.fork('ids')))
  const hop = (gone: AbortSignal) => (spec.hopDelay > 0 ? clock.sleep(spec.hopDelay, gone) : undefined)

  /** Ends a request with an error of the gateway itself. */
  function refuse(record: GatewayRecord, error: WireError): Answer {
    record.status = errorTable[error.name].status
    over(record, 'answered')
    return ownError(record, error)
  }

  async function answerTo(customer: CustomerRequest): Promise<Answer> {
    const { request, record, gone } = customer
    const problem = requestProblem(customer)
    if (problem) return refuse(record, problem)
    await hop(gone)
    const denial = policy.admit(customer)
    if (denial) return refuse(record, denial)
    const reply = await policy.chosenReply(customer, (account) =>
      replyOf(options.fetch, accounts[account]!, request, gone),
    )
    if (!reply) return refuse(record, { name: 'no-account-replied' })
    return forwardedAnswer({ reply, customer, hop, over })
  }

  return {
    onDefect,
    get inFlight() {
      return underWay.size
    },
    handle(request) {
      const left = new AbortController()
      const key = bearerKey(request)
      const record = begun(request, key)
      const answer = answerTo({ request, key, record, gone: left.signal }).catch((): Answer => {
        over(record, 'broken')
        return { kind: 'hang-up' }
      })
      return {
        answer,
        // The request goes to one account after the other.
        keepsBody: true,
        hangUp() {
          left.abort()
          over(record, 'left')
        },
      }
    },
  }
}

/** Returns the error of a request that no account could answer. Returns undefined when nothing is wrong. */
function requestProblem({ request: { refused, method, path }, key }: CustomerRequest): WireError | undefined {
  if (refused) return refused
  if (key === '') return { name: 'missing-key' }
  // Behind the origin of an account such a path would name another host, which would get the account's key.
  if (!path.startsWith('/')) return { name: 'unknown-path' }
  // No `fetch` sends this method.
  if (method === 'TRACE') return { name: 'wrong-method', detail: `'TRACE' is not allowed for '${path}'` }
  return undefined
}

/** An error of the gateway itself, in the envelope of the protocol at this path. */
function ownError({ id, path, attempts }: GatewayRecord, error: WireError): Answer {
  const { status, retryAfter } = errorTable[error.name]
  const body = JSON.stringify(errorBody(intl, envelopeOf(path), error, { id: { value: id, place: 'request_id' } }))
  const tried = attempts.length > 0 ? { 'x-ratelab-attempts': String(attempts.length) } : {}
  const advised = retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter / 1000)) }
  const headers = { 'content-type': 'application/json', 'x-request-id': id, ...tried, ...advised }
  return { kind: 'whole', status, headers, body }
}
