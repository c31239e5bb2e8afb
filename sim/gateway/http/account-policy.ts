import type { Millis } from '../../../src/core/clock.ts'
import type { Random } from '../../../src/core/random.ts'
import type { WireError } from '../../errors/envelope.ts'
import { denialError } from '../../errors/replies.ts'
import { type PoolSpec, quotaPool } from '../quota-pool.ts'
import { outcomeOf } from './account-outcome.ts'
import type { CustomerRequest } from './customer-request.ts'
import type { NoReply } from './patience.ts'
import { promptTokens } from './prompt-tokens.ts'
import { restingAccounts } from './resting-accounts.ts'
import type { AccountReply } from './upstream-account.ts'

/** Decides which requests a gateway admits, and which account's reply a customer gets. */
export interface AccountPolicy {
  /** Returns why a request is turned away. Returns undefined when the request may pass; it is then charged to its customer's cap. */
  admit(customer: CustomerRequest): Promise<TurnedAway | undefined>
  /**
   * Sends a request to one account after the other, and returns the first reply that no other account could better, or else the reply of the last
   * account that may be tried. Returns undefined when that account gives no reply. Rejects when the customer hangs up.
   */
  chosenReply(customer: CustomerRequest, send: SendToAccount): Promise<ChosenReply | undefined>
}

/** Why a request does not reach an account. */
export interface TurnedAway {
  readonly error: WireError
  /** How long until the same request would pass, milliseconds. `Infinity`: it never passes. Absent: nobody knows. */
  readonly retryAfter?: Millis
}

/** Sends the request to an account of the pool, by its number from 0. Never rejects. */
export type SendToAccount = (account: number) => Promise<AccountReply | NoReply>

/** The reply that a customer gets. */
export interface ChosenReply {
  readonly reply: AccountReply
  /** Frees the account, and charges the tokens that have reached the customer. Called once, when the reply has been passed on or breaks off. */
  settle(outputTokens: number): void
  /** Notes that the account has broken the reply off. */
  broke(): void
}

export interface AccountPolicyOptions {
  /** Balancing, failover, customer limits and outages. */
  readonly spec: PoolSpec
  /** The number of accounts in the pool. */
  readonly size: number
  /** Draws the outages. */
  readonly random: Random
  /** Lets other requests have their turn. Rejects when the customer hangs up. */
  turn(gone: AbortSignal): Promise<void>
  /** The time in whole milliseconds. It must never go back. */
  now(): Millis
}

/** A policy whose accounts have no requests yet. */
export function accountPolicy({ spec, size, random, turn, now }: AccountPolicyOptions): AccountPolicy {
  const pool = quotaPool(spec, size, random)
  const resting = restingAccounts(size)
  const isAwake = (account: number) => resting.isAwake(account, now())

  /** Counts the request at an account until the returned function is called, or the customer hangs up. */
  function occupied(account: number, gone: AbortSignal): () => void {
    pool.enter(account)
    const release = once(() => pool.release(account))
    gone.addEventListener('abort', release)
    return release
  }

  return {
    async admit({ request, customerId, record, gone }) {
      if (!pool.isUp(now())) return { error: { name: 'gateway-down' } }
      const cap = pool.capOf(customerId)
      if (!cap) return undefined
      const cost = { requests: 1, tokens: await promptTokens(request.body, () => turn(gone)) }
      record.promptTokens = cost.tokens
      const denial = cap.check(cost, now())
      if (denial) {
        record.denied = denial.rule
        return { error: { name: denialError(denial.rule) }, retryAfter: denial.retryAfter }
      }
      cap.charge(cost, now())
      return undefined
    },

    async chosenReply({ customerId, record, gone, patience }, send) {
      const route = pool.route(isAwake)
      // When all accounts rest, none is passed by.
      const mayTry = route.some(isAwake) ? isAwake : () => true
      for (const [step, account] of route.entries()) {
        if (step > 0 && !(mayTry(account) && patience.hasTime())) continue
        const release = occupied(account, gone)
        const told = resting.asked(account)
        const reply = await send(account)
        const outcome = outcomeOf(reply)
        told(gone.aborted ? undefined : outcome !== 'failed', now())
        gone.throwIfAborted()
        // Records and headers number accounts from 1.
        const number = account + 1
        if ('reason' in reply) {
          record.attempts.push({ account: number, status: 0, reason: reply.reason })
          release()
          continue
        }
        record.attempts.push({ account: number, status: reply.status })
        const others = patience.hasTime() ? route.slice(step + 1).filter(mayTry) : []
        if (outcome === 'worked' || others.length === 0) {
          const settle = (tokens: number) => {
            release()
            record.outputTokens = tokens
            pool.capOf(customerId)?.charge({ requests: 0, tokens }, now())
          }
          return { reply, settle, broke: () => resting.asked(account)(false, now()) }
        }
        release()
        reply.close()
      }
      return undefined
    },
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
