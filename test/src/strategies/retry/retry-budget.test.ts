import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { throttleAlways, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { stubRandom } from '../../../../contracts/stub-env.ts'
import { retryBudget } from '../../../../src/strategies/retry/retry-budget.ts'

let tight = 0
property.prop([
  fc.record({
    share: fc.constantFrom(0, 0.2, 0.5, 1),
    minPerSecond: fc.constantFrom(0, 0.1, 1, 3),
    ttl: fc.constantFrom(1000, 2500, 10_000),
  }),
  fc.array(fc.nat(15_000), { minLength: 1, maxLength: 60 }),
])(
  'no window that ends with a retry has more of them than the budget, and it is used up',
  async (options, arrivals) => {
    // By this draw a retry follows its permission at once, so the attempts show when it was given.
    const rig = strategyRig({ strategy: retryBudget(options), script: throttleAlways, random: stubRandom(0) })
    await rig.run(arrivals.map((at, id) => ({ at, call: exampleCall(id) })))
    const seen = new Set<number>()
    const events = rig.attempts.map(({ at, call }) => ({ at, isRetry: seen.size === seen.add(call.id).size }))
    for (const { at: end } of events.filter(({ isRetry }) => isRetry)) {
      const inside = events.filter(({ at }) => at > end - options.ttl && at <= end)
      const retries = inside.filter(({ isRetry }) => isRetry).length
      const budget = options.share * (inside.length - retries) + (options.minPerSecond * options.ttl) / 1000
      expect(retries).toBeLessThanOrEqual(budget + 1e-9)
      if (retries > budget - 1) tight++
    }
  },
)
test('the budget was used up at times', () => expect(tight).toBeGreaterThan(0))

test('a crowd of 100 has 20 retries and those of the least rate', async () => {
  const rig = strategyRig({ strategy: retryBudget({ minPerSecond: 0.5 }), script: throttleAlways })
  const settled = await rig.run(callsAtOnce(100))
  // 20 + 5 at once. The retries leave the window after 10 s, and the calls with them.
  expect(settled.filter(({ at }) => at === 0)).toHaveLength(75)
  expect(rig.instants().filter((at) => at < 1000).length).toBeLessThanOrEqual(125)
})

test('longer advice is followed', async () => {
  const rig = strategyRig({ strategy: retryBudget({ attempts: 2 }), script: () => throttledReply('requests', 7000) })
  await rig.run(callsAtOnce(1))
  expect(rig.instants()).toEqual([0, 7000])
})

test('is named after its options and checks them', () => {
  expect(retryBudget().name).toBe('retryBudget(10, 0.2 + 10/s in 10000 ms)')
  expect(retryBudget({ base: 500 }).name).toBe('retryBudget(10, 0.2 + 10/s in 10000 ms, 500..60000 ms)')
  expect(() => retryBudget({ attempts: 0 })).toThrow('Expected `attempts` to be >= 1')
  expect(() => retryBudget({ share: -0.1 })).toThrow('Expected `share` to be >= 0, got -0.1')
  expect(() => retryBudget({ minPerSecond: Infinity })).toThrow('Expected `minPerSecond` to be a finite number')
  expect(() => retryBudget({ ttl: 0 })).toThrow('Expected `ttl` to be > 0')
})
