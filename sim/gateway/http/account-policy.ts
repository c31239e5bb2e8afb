import type { Millis } from '../../../src/core/clock.ts'
import { causeOf } from '../../../src/core/limit.ts'
import type { Random } from '../../../src/core/random.ts'
import type { WireError } from '../../errors/envelope.ts'
import { errorOf } from '../../errors/replies.ts'
import { type PoolSpec, quotaPool } from '../quota-pool.ts'
import type { CustomerRequest } from './customer-request.ts'
import { promptTokens } from './passing-tokens.ts'
import type { NoReply } from './upstream-account.ts'

/** Decides which requests a gateway admits, and which account's reply a customer gets. */
export interface AccountPolicy {
  /** Returns the error that turns a request away. Returns undefined when the request may pass; it is then charged to its customer's cap. */
  admit(customer: CustomerRequest): WireError | undefined
  /**
   * Sends a request to one account after the other, and returns the first reply that is neither a 429 nor a 5xx, or else the reply of the last
   * account that may be tried. Returns undefined when that account gives no reply. Rejects when the customer hangs up.
   */
  chosenReply(customer: CustomerRequest, send: SendToAccount): Promise<ChosenReply | undefined>
}

/** Sends the request to an account of the pool, by its number from 0. Never rejects. */
export type SendToAccount = (account: number) => Promise<Response | NoReply>

/** The reply that a customer gets. */
export interface ChosenReply {
  readonly response: Response
  /** Frees the account, and charges these tokens to the customer's cap. Called once, when the reply is read or breaks off. */
  settle(outputTokens: number): void
}

export interface AccountPolicyOptions {
  /** Balancing, failover, customer limits and outages. */
  readonly spec: PoolSpec
  /** The number of accounts in the pool. */
  readonly size: number
  /** Draws the outages. */
  readonly random: Random
  /** The time in whole milliseconds. It must never go back. */
  now(): Millis
}

/** A policy whose accounts have no requests yet. */
export function accountPolicy({ spec, size, random, now }: AccountPolicyOptions): AccountPolicy {
  const pool = quotaPool(spec, size, random)

  /** Counts the request at an account until the returned function is called, or the customer hangs up. */
  function occupied(account: number, gone: AbortSignal): () => void {
    pool.enter(account)
    const release = once(() => pool.release(account))
    gone.addEventListener('abort', release)
    return release
  }

  return {
    admit({ request, key, record }) {
      if (!pool.isUp(now())) return { name: 'gateway-down' }
      const cap = pool.capOf(key)
      if (!cap) return undefined
      const cost = { requests: 1, tokens: promptTokens(request.body) }
      const denial = cap.check(cost, now())
      if (denial) {
        record.denied = denial.rule
        return { name: errorOf[causeOf(denial.rule)] }
      }
      cap.charge(cost, now())
      return undefined
    },

    async chosenReply({ key, record, gone }, send) {
      const route = pool.route()
      for (const account of route) {
        const release = occupied(account, gone)
        const reply = await send(account)
        gone.throwIfAborted()
        // Records and headers number accounts from 1.
        const number = account + 1
        if ('reason' in reply) {
          record.attempts.push({ account: number, status: 0, reason: reply.reason })
          release()
          continue
        }
        record.attempts.push({ account: number, status: reply.status })
        if (account === route.at(-1) || !isWorthAnother(reply.status)) {
          const settle = (tokens: number) => {
            release()
            pool.capOf(key)?.charge({ requests: 0, tokens }, now())
          }
          return { response: reply, settle }
        }
        release()
        await reply.body?.cancel().catch(() => {})
      }
      return undefined
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
