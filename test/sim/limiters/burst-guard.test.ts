import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { type Charge, costIn, histories, playHistory, totalCharged } from '../../../contracts/history.ts'
import { limiterContract } from '../../../contracts/limiter.ts'
import { type BurstGuardOptions, burstGuard } from '../../../sim/limiters/burst-guard.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { OptionError } from '../../../src/core/expect.ts'

const options: fc.Arbitrary<BurstGuardOptions> = fc.record({
  unit: fc.constantFrom('requests', 'tokens'),
  floor: fc.integer({ min: 1, max: 6 }),
  growth: fc.constantFrom(1, 1.25, 1.5, 2, 3.7),
  interval: fc.integer({ min: 1, max: 12 }),
  memory: fc.integer({ min: 1, max: 40 }),
  phase: fc.nat(30),
})

limiterContract(
  'burstGuard',
  options.map((chosen) => ({
    make: () => burstGuard(chosen),
    cost: costIn(chosen.unit),
    rules: ['burst'],
    memory: chosen.memory + 2 * chosen.interval,
  })),
)

/** The documented formula, computed from all charges. */
function passes(charges: readonly Charge[], amount: number, now: Millis, chosen: BurstGuardOptions): boolean {
  const { floor, growth, interval, memory, phase = 0 } = chosen
  // Counted from so far back that no instant lies before it.
  const intervalOf = (at: Millis) => {
    const from = at - phase + 100 * interval
    return (from - (from % interval)) / interval
  }
  const charged = (k: number) => totalCharged(charges.filter(({ at }) => intervalOf(at) === k))
  const k = intervalOf(now)
  const remembered = Array.from({ length: Math.max(1, Math.round(memory / interval)) }, (_, i) => charged(k - 1 - i))
  return charged(k) === 0 || charged(k) + amount <= Math.max(floor, Math.floor(growth * Math.max(...remembered)))
}

test.prop([options, histories], { numRuns: 300 })(
  'decisions and waits are those of the documented formula',
  (chosen, history) => {
    const { interval, memory, phase = 0 } = chosen
    const guard = burstGuard(chosen)
    const cost = costIn(chosen.unit)
    playHistory(guard, cost, history, (amount, now, charges) => {
      // Without charges the decision can change only at the start of an interval.
      const next = (Math.floor((now - phase) / interval) + 1) * interval + phase
      const starts = Array.from({ length: Math.ceil(memory / interval) + 2 }, (_, i) => next + i * interval)
      const first = [now, ...starts].find((at) => amount === 0 || passes(charges, amount, at, chosen)) ?? Infinity
      expect(guard.check(cost(amount), now)?.retryAfter ?? 0, `${amount} at ${now}`).toBe(first - now)
    })
  },
)

const tenSeconds: BurstGuardOptions = { unit: 'requests', floor: 10, growth: 2, interval: 5000, memory: 10_000 }
const requests = costIn('requests')

test('load can double from one interval to the next, and no more', () => {
  const guard = burstGuard(tenSeconds)
  for (const [k, allowed] of [10, 20, 40, 80].entries()) {
    const now = k * 5000
    guard.charge(requests(1), now)
    expect(guard.check(requests(allowed - 1), now)).toBeUndefined()
    expect(guard.check(requests(allowed), now)?.rule).toBe('burst')
    guard.charge(requests(allowed - 1), now)
    expect(guard.check(requests(1), now + 4999)).toEqual({ rule: 'burst', retryAfter: 1 })
  }
})

test('the phase is an instant at which an interval begins', () => {
  const guard = burstGuard({ ...tenSeconds, phase: 4000 })
  guard.charge(requests(10), 0)
  expect(guard.check(requests(1), 0)).toEqual({ rule: 'burst', retryAfter: 4000 })
  guard.charge(requests(20), 4000)
  expect(guard.check(requests(1), 8999)).toEqual({ rule: 'burst', retryAfter: 1 })
})

test('a single request of any cost passes in an empty interval', () => {
  const guard = burstGuard({ ...tenSeconds, unit: 'tokens' })
  const tokens = costIn('tokens')
  expect(guard.check(tokens(1_000_000), 0)).toBeUndefined()
  guard.charge(tokens(1_000_000), 0)
  expect(guard.check(tokens(1), 0)).toEqual({ rule: 'burst', retryAfter: 5000 })
  // The request has raised the limit of the next interval.
  guard.charge(tokens(1), 5000)
  expect(guard.check(tokens(1_999_999), 5000)).toBeUndefined()
  expect(guard.check(tokens(2_000_000), 5000)?.rule).toBe('burst')
})

test('the limit falls again when the guard no longer remembers the busy interval', () => {
  const guard = burstGuard(tenSeconds)
  guard.charge(requests(30), 0)
  for (const [now, allowed] of [
    [5000, 60],
    [10_000, 60],
    [15_000, 10],
  ] as const) {
    guard.charge(requests(1), now)
    expect(guard.check(requests(allowed - 1), now), `at ${now}`).toBeUndefined()
    expect(guard.check(requests(allowed), now), `at ${now}`).toEqual({ rule: 'burst', retryAfter: 5000 })
  }
})

test('when the guard no longer remembers the busiest interval, the next busiest counts', () => {
  const guard = burstGuard(tenSeconds)
  guard.charge(requests(30), 0)
  guard.charge(requests(29), 5000)
  guard.charge(requests(5), 10_000)
  guard.charge(requests(1), 15_000)
  expect(guard.check(requests(57), 15_000)).toBeUndefined()
  expect(guard.check(requests(58), 15_000)?.rule).toBe('burst')
})

test('the memory is rounded to whole intervals, and is at least one interval', () => {
  const remembers = (memory: Millis, gap: number) => {
    const guard = burstGuard({ ...tenSeconds, memory })
    guard.charge(requests(30), 0)
    guard.charge(requests(1), gap * 5000)
    return guard.check(requests(59), gap * 5000) === undefined
  }
  expect([1, 2].map((gap) => remembers(1, gap))).toEqual([true, false])
  expect([1, 2].map((gap) => remembers(7499, gap))).toEqual([true, false])
  expect([2, 3].map((gap) => remembers(7500, gap))).toEqual([true, false])
})

test.each([
  [{ floor: 0 }, 'Expected `floor` to be > 0, got 0'],
  [{ floor: 2.5 }, 'Expected `floor` to be a whole number > 0, got 2.5'],
  [{ growth: 0.9 }, 'Expected `growth` to be >= 1, got 0.9'],
  [{ growth: Infinity }, 'Expected `growth` to be a finite number >= 1, got Infinity'],
  [{ interval: -1 }, 'Expected `interval` to be > 0, got -1'],
  [{ memory: 0 }, 'Expected `memory` to be > 0, got 0'],
  [{ phase: 0.5 }, 'Expected `phase` to be a whole number, got 0.5'],
])('%o is not accepted', (change, message) => {
  expect(() => burstGuard({ ...tenSeconds, ...change })).toThrow(new OptionError(message))
})
