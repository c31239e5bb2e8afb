import type { Clock, Millis } from '../../../src/core/clock.ts'
import { expectNumber, OptionError } from '../../../src/core/expect.ts'
import { seeded } from '../../../src/core/random.ts'
import { redactedKey } from '../../../src/core/redaction.ts'
import { keyText } from '../../../src/scenario/accounts.ts'
import type { DefectListener } from '../../defects/guard.ts'
import { defectReport } from '../../defects/report.ts'
import type { Envelope } from '../../errors/envelope.ts'
import { errorTable } from '../../errors/error-table.ts'
import type { Answer, RequestHandler, WireRequest } from '../../wire/exchange.ts'
import { retryAfterHeader } from '../../wire/handling/error-answer.ts'
import { ownAnswer } from '../../wire/handling/own-answer.ts'
import { envelopeOf, wrongMethod } from '../../wire/handling/routes.ts'
import { bearerKey } from '../../wire/request/headers.ts'
import { requestIds } from '../../wire/request-ids.ts'
import type { PoolSpec } from '../quota-pool.ts'
import { accountPolicy, type TurnedAway } from './account-policy.ts'
import { addressCheck } from './address-check.ts'
import { customersOf, type GatewayCustomer, type KeyOwner } from './customers.ts'
import { forwardedAnswer } from './forwarding.ts'
import { hasPassedHere } from './headers.ts'
import { HeldReplies } from './held-replies.ts'
import { commonPassages } from './passage.ts'
import { defaultTimeouts, patienceFor, type UpstreamTimeouts } from './patience.ts'
import type { GatewayRecord } from './record.ts'
import { redactionOf } from './redaction.ts'
import { gatewayRegistry } from './registry.ts'
import { replyOf, type UpstreamAccount } from './upstream-account.ts'

/** How a gateway works. */
export interface FetchGatewaySpec extends PoolSpec {
  /** How long a request takes from the customer to the gateway, and its reply on the way back, milliseconds. */
  readonly hopDelay: Millis
  /** The price of the gateway, as a share of the provider's price. It is only reported in a header and in the record. */
  readonly priceFactor: number
  /** Who may use the gateway. Default: everyone who can reach it; each key is then a customer of its own. */
  readonly customers?: readonly GatewayCustomer[]
  /** How long the gateway waits for accounts. Default: the values of `defaultTimeouts`. */
  readonly timeouts?: Partial<UpstreamTimeouts>
}

export interface FetchGatewayOptions {
  readonly spec: FetchGatewaySpec
  /** The accounts of the pool. At least one. Their addresses may differ in the host, and have the same path. */
  readonly accounts: readonly UpstreamAccount[]
  /** Reaches the accounts: over the network, or those of a mock. */
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** The number from which the outages and the ids of requests follow. */
  readonly seed: number
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
 * A proxy with pooled quota in front of accounts that speak HTTP. It passes on requests to models and nothing else (`passagesOf`), replaces the
 * customer's key by a key of the pool, tries further accounts when one fails or is throttled, lets an account rest that has failed, and passes streams
 * on as they arrive. Bodies must be text in UTF-8: other bytes are changed. Throws an `OptionError` for wrong keys, addresses or times. Whether a
 * provider's terms allow such a pool is another question: many forbid it.
 */
export function fetchGateway(options: FetchGatewayOptions): FetchGateway {
  const { spec, accounts, clock, seed, onDefect = defectReport() } = options
  const timeouts = { ...defaultTimeouts, ...spec.timeouts }
  for (const [name, ms] of Object.entries(timeouts)) expectNumber(`timeouts.${name}`, ms, { above: 0, whole: true })
  const [problem] = accounts.flatMap(({ baseUrl, key }, i) => [
    ...addressCheck(`accounts[${i}].baseUrl`, baseUrl),
    ...keyText(`accounts[${i}].key`, key),
  ])
  if (problem !== undefined) throw new OptionError(problem)
  const now = () => Math.floor(clock.now())
  const customers = customersOf(spec.customers)
  const passages = commonPassages(accounts)
  const poolKeys = accounts.map(({ key }) => key)
  const redaction = redactionOf(poolKeys)
  const logRedaction = redactionOf([...poolKeys, ...(spec.customers ?? []).flatMap(({ keys }) => keys)])
  const heldReplies = new HeldReplies()
  const turn = (gone: AbortSignal) => clock.sleep(0, gone)
  const random = seeded(seed).fork('gateway').fork('pool')
  const policy = accountPolicy({ spec, size: accounts.length, random, turn, now })
  const { begun, over, underWay } = gatewayRegistry({ ...options, onDefect }, now, requestIds(seed, 'gateway'))
  const hop = (gone: AbortSignal) => (spec.hopDelay > 0 ? clock.sleep(spec.hopDelay, gone) : undefined)

  /** Ends a request with an error of the gateway itself. */
  function refuse(record: GatewayRecord, envelope: Envelope, { error, ...denial }: TurnedAway): Answer {
    const { retryAfter = denial.retryAfter } = errorTable[error.name]
    const { headers, ...answer } = ownAnswer(envelope, error, record.id)
    record.status = answer.status
    over(record, 'answered')
    const { length: tried } = record.attempts
    const more = {
      'x-request-id': record.id,
      ...(tried > 0 && { 'x-ratelab-attempts': String(tried) }),
      ...retryAfterHeader(retryAfter),
    }
    return { ...answer, headers: { ...headers, ...more } }
  }

  async function answerTo({ request, key, owner, record, gone }: Arrival): Promise<Answer> {
    const patience = patienceFor({ timeouts, clock, now, gone })
    const { path, method, refused: notRead } = request
    const passage = passages(path)
    const { envelope = envelopeOf(path) } = passage ?? {}
    const refused = (error: TurnedAway['error']) => refuse(record, envelope, { error })
    if (!passage) return refused({ name: 'unknown-path' })
    if (method !== passage.method) return refused(wrongMethod(method, record.path))
    if (hasPassedHere(request)) return refused({ name: 'gateway-loop' })
    if (notRead) return refused(notRead)
    if (!owner) return refused({ name: key === '' ? 'missing-key' : 'unknown-key' })
    await hop(gone)
    const customer = { request, passage, customerId: owner.id, record, gone, patience }
    const denial = await policy.admit(customer)
    if (denial) return refuse(record, envelope, denial)
    const chosen = await policy.chosenReply(customer, (account) =>
      replyOf({ send: options.fetch, account: accounts[account]!, passage, request, patience, heldReplies, gone }),
    )
    if (!chosen) return refused({ name: 'no-account-replied' })
    return forwardedAnswer({ chosen, customer: { record, gone, patience }, redaction, hop, turn, over })
  }

  return {
    onDefect,
    get inFlight() {
      return underWay.size
    },
    handle(request) {
      const left = new AbortController()
      const key = bearerKey(request)
      const owner = key === '' ? undefined : customers(key)
      const { method, path } = request
      const shown = logRedaction.redacted(key === '' ? path : path.replaceAll(key, () => redactedKey(key)))
      const record = begun({ method, path: shown }, owner?.name ?? redactedKey(key))
      const answer = answerTo({ request, key, owner, record, gone: left.signal }).catch((error): Answer => {
        over(record, 'broken')
        if (left.signal.aborted) return { kind: 'hang-up' }
        throw error
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

/** A request that has arrived at the gateway. */
interface Arrival {
  readonly request: WireRequest
  /** Empty when the request has no key. */
  readonly key: string
  readonly owner: KeyOwner | undefined
  readonly record: GatewayRecord
  /** Aborts when the customer hangs up. */
  readonly gone: AbortSignal
}
