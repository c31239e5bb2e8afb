import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type PoolSpec, quotaPool } from '../../../sim/gateway/quota-pool.ts'
import { seeded } from '../../../src/core/random.ts'

const pool = (spec: Partial<PoolSpec>, size: number) =>
  quotaPool({ balance: 'round-robin', failover: 0, ...spec }, size, seeded(1))

describe('a quota pool', () => {
  property.prop([
    fc.constantFrom<PoolSpec['balance']>('round-robin', 'least-busy'),
    fc.integer({ min: 1, max: 6 }),
    fc.nat(8),
    fc.array(fc.oneof(fc.constant('route'), fc.nat(5)), { maxLength: 60 }),
  ])(
    'begins with the next account in turn, or with the least busy one from there on, and then takes the others in turn',
    (balance, size, failover, steps) => {
      const tested = pool({ balance, failover }, size)
      const busy = Array.from({ length: size }, () => 0)
      let turn = 0
      for (const step of steps) {
        if (typeof step === 'number') {
          const account = step % size
          if (busy[account]! > 0) {
            busy[account]!--
            tested.release(account)
          }
          continue
        }
        const inTurn = Array.from({ length: size }, (_, i) => (turn + i) % size)
        turn++
        const first = balance === 'round-robin' ? inTurn[0]! : inTurn.toSorted((a, b) => busy[a]! - busy[b]!)[0]!
        const all = Array.from({ length: size }, (_, i) => (first + i) % size)
        const route = tested.route()
        expect(route).toEqual(all.slice(0, failover + 1))
        tested.enter(route[0]!)
        busy[route[0]!]!++
        expect(tested.inFlight).toEqual(busy)
      }
    },
  )

  test('has a cap for each customer, and forgets the oldest of very many customers', () => {
    const { capOf } = pool({ customerLimits: [{ rule: 'rpm', limit: 1, window: 60_000 }] }, 1)
    const one = { requests: 1, tokens: 0 }
    capOf('first')!.charge(one, 0)
    expect(capOf('first')!.check(one, 1)).toMatchObject({ rule: 'rpm' })
    expect(capOf('second')!.check(one, 1)).toBeUndefined()
    for (let i = 0; i < 10_000; i++) capOf(`other-${i}`)
    expect(capOf('first')!.check(one, 2)).toBeUndefined()
    expect(pool({}, 1).capOf('first')).toBeUndefined()
  })

  // An outage is drawn as far as it is asked about, and these instants are 10¹² outages apart.
  test('knows at once whether it is up after any time, and is up for its share of the time', () => {
    const { isUp } = pool({ outages: { meanUp: 3, meanDown: 1 } }, 1)
    let ups = 0
    for (let i = 1; i <= 2000; i++) if (isUp(i * 4_000_000_000_000)) ups++
    expect(ups / 2000).toBeGreaterThan(0.7)
    expect(ups / 2000).toBeLessThan(0.8)
  })
})
