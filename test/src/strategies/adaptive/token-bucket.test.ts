import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenBucket } from '../../../../src/strategies/adaptive/token-bucket.ts'

const step = fc.oneof(
  fc.record({ kind: fc.constant('take' as const) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(3000) }),
  fc.record({
    kind: fc.constant('fill' as const),
    perSecond: fc.integer({ min: 1, max: 500 }),
    capacity: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ kind: fc.constant('empty' as const) }),
)

property.prop([fc.array(step, { maxLength: 40 })])('is a bucket that is filled millisecond by millisecond', (steps) => {
  const bucket = new TokenBucket(10, 4, 1, 0)
  // Thousandths of a token, which are whole: `perSecond` of them come in a millisecond.
  let [now, perSecond, capacity, tokens] = [0, 10, 4, 1000]
  const pass = () => {
    now++
    tokens = Math.min(capacity * 1000, tokens + perSecond)
  }
  for (const action of steps) {
    if (action.kind === 'wait') for (let i = 0; i < action.ms; i++) pass()
    else if (action.kind === 'empty') {
      bucket.empty(now)
      tokens = 0
    } else if (action.kind === 'fill') {
      perSecond = action.perSecond
      capacity = action.capacity
      bucket.fillAt(perSecond, capacity, now)
      tokens = Math.min(capacity * 1000, tokens)
    } else {
      const readyAt = bucket.readyAt(now)
      while (tokens < 1000) pass()
      expect(Math.abs(Math.ceil(readyAt - 1e-6) - now)).toBe(0)
      bucket.take(now)
      tokens -= 1000
    }
  }
})

test('shows its rate', () => expect(new TokenBucket(3, 1, 0, 0).perSecond).toBe(3))
