import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { accountPolicy } from '../../../../sim/gateway/http/account-policy.ts'
import type { CustomerRequest } from '../../../../sim/gateway/http/customer-request.ts'
import type { GatewayRecord } from '../../../../sim/gateway/http/record.ts'
import type { PoolSpec } from '../../../../sim/gateway/quota-pool.ts'
import { seeded } from '../../../../src/core/random.ts'
import { requests } from '../../rig.ts'

function customerOf(gone = new AbortController().signal): CustomerRequest {
  const record: GatewayRecord = {
    number: 1,
    id: 'id',
    arrivedAt: 0,
    method: 'POST',
    path: '/v1/chat/completions',
    customer: 'sk-c…',
    priceFactor: 1,
    attempts: [],
  }
  const request = { method: 'POST', path: record.path, query: '', header: () => undefined, body: '' }
  return { request, key: 'sk-customer', record, gone }
}

function policyOf(spec: Partial<PoolSpec>, size: number) {
  return accountPolicy({
    spec: { balance: 'round-robin', failover: 0, ...spec },
    size,
    random: seeded(1),
    now: () => 0,
  })
}

/** What an account does with a request: it gives a reply with this status, or none. */
const outcome = fc.constantFrom<number | undefined>(200, 400, 404, 428, 429, 430, 499, 500, 503, undefined)

describe('the reply that a customer gets', () => {
  property.prop([fc.array(outcome, { minLength: 1, maxLength: 5 }), fc.nat(5)])(
    'is the first that another account could not improve, or the last that may be asked for',
    async (outcomes, failover) => {
      const customer = customerOf()
      const sent: number[] = []
      const chosen = await policyOf({ failover }, outcomes.length).chosenReply(customer, async (account) => {
        sent.push(account)
        const status = outcomes[account]
        return status === undefined ? { reason: 'ECONNREFUSED' } : new Response('', { status })
      })
      const asked = outcomes.slice(0, 1 + failover)
      const final = asked.findIndex((status) => status !== undefined && status !== 429 && status < 500)
      const tried = final < 0 ? asked : asked.slice(0, final + 1)
      expect(sent).toEqual(tried.map((_, account) => account))
      expect(chosen?.response.status).toBe(tried.at(-1))
      expect(customer.record.attempts.map(({ status }) => status)).toEqual(tried.map((status) => status ?? 0))
    },
  )

  test('comes from the account with the fewest requests; settled and given up, a request is counted no more', async () => {
    const policy = policyOf({ balance: 'least-busy' }, 2)
    const asked: number[] = []
    const ask = (gone?: AbortSignal) =>
      policy.chosenReply(customerOf(gone), async (account) => {
        asked.push(account)
        return new Response('')
      })
    const first = await ask()
    const left = new AbortController()
    await ask(left.signal)
    left.abort()
    await ask()
    first!.settle(0)
    await ask()
    expect(asked).toEqual([0, 1, 1, 0])
  })
})

test('what a reply has cost is charged to the cap of its customer', async () => {
  const policy = policyOf({ customerLimits: [requests(9), { rule: 'tpm', limit: 10, window: 60_000 }] }, 1)
  expect(policy.admit(customerOf())).toBeUndefined()
  const chosen = await policy.chosenReply(customerOf(), async () => new Response(''))
  chosen!.settle(11)
  const customer = customerOf()
  expect(policy.admit({ ...customer, request: { ...customer.request, body: '{"prompt":"x"}' } })).toEqual({
    name: 'tokens',
  })
  expect(customer.record.denied).toBe('tpm')
})
