import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { accountPolicy } from '../../../../sim/gateway/http/account-policy.ts'
import type { CustomerRequest } from '../../../../sim/gateway/http/customer-request.ts'
import type { GatewayRecord } from '../../../../sim/gateway/http/record.ts'
import type { AccountReply } from '../../../../sim/gateway/http/upstream-account.ts'
import type { PoolSpec } from '../../../../sim/gateway/quota-pool.ts'
import { type VirtualClock, virtualClock } from '../../../../sim/time/virtual-clock.ts'
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
  const passage = { method: 'POST', path: record.path, envelope: 'compat' } as const
  const patience = { hasTime: () => true, wait: async <T>(work: Promise<T>) => work }
  return { request, passage, customerId: 'sk-customer', record, gone, patience }
}

function policyOf(spec: Partial<PoolSpec>, size: number, clock: VirtualClock = virtualClock()) {
  return accountPolicy({
    spec: { balance: 'round-robin', failover: 0, ...spec },
    size,
    random: seeded(1),
    turn: async () => {},
    now: () => clock.now(),
  })
}

const replied = (status: number, text = ''): AccountReply => ({ status, headers: new Headers(), text, close: () => {} })

/** What an account does with a request: it gives a reply with this status, or none. */
const outcome = fc.constantFrom<number | undefined>(200, 400, 401, 402, 404, 428, 429, 430, 499, 500, 503, undefined)

describe('the reply that a customer gets', () => {
  property.prop([fc.array(outcome, { minLength: 1, maxLength: 5 }), fc.nat(5)])(
    'is the first that another account could not improve, or the last that may be asked for',
    async (outcomes, failover) => {
      const customer = customerOf()
      const sent: number[] = []
      const chosen = await policyOf({ failover }, outcomes.length).chosenReply(customer, async (account) => {
        sent.push(account)
        const status = outcomes[account]
        return status === undefined ? { reason: 'ECONNREFUSED' } : replied(status)
      })
      const asked = outcomes.slice(0, 1 + failover)
      const isFinal = (status?: number) => status !== undefined && ![401, 402, 429].includes(status) && status < 500
      const final = asked.findIndex(isFinal)
      const tried = final < 0 ? asked : asked.slice(0, final + 1)
      expect(sent).toEqual(tried.map((_, account) => account))
      expect(chosen?.reply.status).toBe(tried.at(-1))
      expect(customer.record.attempts.map(({ status }) => status)).toEqual(tried.map((status) => status ?? 0))
    },
  )

  test('comes from the account with the fewest requests; settled and given up, a request is counted no more', async () => {
    const policy = policyOf({ balance: 'least-busy' }, 2)
    const asked: number[] = []
    const ask = (gone?: AbortSignal) =>
      policy.chosenReply(customerOf(gone), async (account) => {
        asked.push(account)
        return replied(200)
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
  expect(await policy.admit(customerOf())).toBeUndefined()
  const chosen = await policy.chosenReply(customerOf(), async () => replied(200))
  chosen!.settle(11)
  const customer = customerOf()
  expect(await policy.admit({ ...customer, request: { ...customer.request, body: '{"prompt":"x"}' } })).toEqual({
    error: { name: 'tokens' },
    retryAfter: 60_000,
  })
  expect(customer.record.denied).toBe('tpm')
})

describe('an account that fails', () => {
  const failures: readonly (readonly [what: string, reply: AccountReply | { reason: string }])[] = [
    ['gives no reply', { reason: 'ECONNREFUSED' }],
    ['gives a 5xx', replied(502)],
    ['refuses its key', replied(401)],
    ['has not paid', replied(400, '{"error":{"code":"Arrearage","message":"…"}}')],
    ['has not paid, in the native protocol', replied(429, '{"code":"PrepaidBillOverdue","message":"…"}')],
    ['begins a stream with an error', { ...replied(200), error: { code: '', status: 500 } }],
  ]

  test.each(failures)('%s: it rests, longer each time, and then one request tries it', async (_what, failure) => {
    const clock = virtualClock()
    const policy = policyOf({ failover: 1 }, 2, clock)
    const asked: number[] = []
    let isBroken = true
    const ask = () =>
      policy.chosenReply(customerOf(), async (account) => {
        asked.push(account)
        return account === 0 && isBroken ? failure : replied(200)
      })
    /** How often the account that fails is asked within a number of requests. */
    const askedBy = async (count: number) => {
      asked.length = 0
      for (let i = 0; i < count; i++) (await ask())?.settle(0)
      return asked.filter((account) => account === 0).length
    }
    expect(await askedBy(4)).toBe(1)
    await clock.run(clock.sleep(999))
    expect(await askedBy(4)).toBe(0)
    await clock.run(clock.sleep(1))
    expect(await askedBy(4)).toBe(1)
    await clock.run(clock.sleep(1999))
    expect(await askedBy(4)).toBe(0)
    isBroken = false
    await clock.run(clock.sleep(1))
    expect(await askedBy(4)).toBe(2)
  })

  test('is tried by one request at a time when its rest is over, while another is awake', async () => {
    const clock = virtualClock()
    const policy = policyOf({ failover: 1 }, 2, clock)
    await policy.chosenReply(customerOf(), async (account) => (account === 0 ? { reason: 'x' } : replied(200)))
    await clock.run(clock.sleep(1000))
    const asked: number[] = []
    const trial = Promise.withResolvers<AccountReply>()
    const ask = () =>
      policy.chosenReply(customerOf(), (account) => {
        asked.push(account)
        return account === 0 ? trial.promise : Promise.resolve(replied(200))
      })
    const all = Array.from({ length: 6 }, ask)
    expect(asked.toSorted()).toEqual([0, 1, 1, 1, 1, 1])
    trial.resolve(replied(200))
    await Promise.all(all)
    await Promise.all([ask(), ask()])
    expect(asked.slice(6).sort()).toEqual([0, 1])
  })

  test('is asked all the same when all rest', async () => {
    const policy = policyOf({ failover: 1 }, 2)
    const asked: number[] = []
    const ask = () =>
      policy.chosenReply(customerOf(), async (account) => {
        asked.push(account)
        return { reason: 'x' }
      })
    await ask()
    await ask()
    expect(asked).toEqual([0, 1, 1, 0])
  })

  test('with a customer who has left is not known to have failed', async () => {
    const policy = policyOf({ failover: 0 }, 2)
    const left = new AbortController()
    const leaving = policy.chosenReply(customerOf(left.signal), async () => {
      left.abort()
      return { reason: 'the customer left' }
    })
    await expect(leaving).rejects.toThrow()
    const asked: number[] = []
    for (let i = 0; i < 2; i++)
      await policy.chosenReply(customerOf(), async (account) => {
        asked.push(account)
        return replied(200)
      })
    expect(asked).toEqual([1, 0])
  })
})
