import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AmountLog } from '../../../../src/strategies/recommended/amount-log.ts'

const entry = fc.record({ at: fc.nat(300), amount: fc.integer({ min: 1, max: 9 }) })

test('sums any window like a plain list, in whatever order the amounts come', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 200 }), fc.nat(400), fc.nat(400), (entries, until, window) => {
      const log = new AmountLog()
      for (const { at, amount } of entries) log.add(at, amount)
      const expected = entries.filter(({ at }) => at > until - window && at <= until)
      expect(log.sum(until, window)).toBe(expected.reduce((sum, { amount }) => sum + amount, 0))
      expect(log.total).toBe(entries.reduce((sum, { amount }) => sum + amount, 0))
    }),
  )
})

test('finds the first instant at which a total was reached', () => {
  fc.assert(
    fc.property(
      fc.array(entry, { minLength: 1, maxLength: 80 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (entries, share) => {
        const log = new AmountLog()
        for (const { at, amount } of entries) log.add(at, amount)
        const total = Math.ceil(share * log.total)
        const instants = [...new Set(entries.map(({ at }) => at))].sort((a, b) => a - b)
        const reached = instants.find((instant) => {
          const until = entries.filter(({ at }) => at <= instant)
          return until.reduce((sum, { amount }) => sum + amount, 0) >= total
        })
        expect(log.reached(total)).toBe(reached)
      },
    ),
  )
})

test('takes an amount back where it was spent', () => {
  const log = new AmountLog()
  for (const at of [10, 20, 30]) log.add(at, 2)
  log.add(20, -2)
  expect([10, 20, 30].map((at) => log.through(at))).toEqual([2, 2, 4])
})

test('forgets what is old, and keeps the totals', () => {
  const log = new AmountLog()
  for (let at = 1; at <= 1000; at++) log.add(at, 1)
  log.forget(900)
  expect([log.total, log.sum(1000, 50), log.through(900), log.reached(900)]).toEqual([1000, 50, 900, -Infinity])
})
