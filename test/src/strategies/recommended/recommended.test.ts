import { describe, expect, test } from 'vitest'
import { okReply, type ProviderScript, slidingWindow, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, type StrategyRig, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Limit } from '../../../../src/core/limit.ts'
import type { Inspection } from '../../../../src/core/strategy.ts'
import { type RecommendedOptions, recommended } from '../../../../src/strategies/recommended/recommended.ts'
import { exposing } from './exposing.ts'

const limits: readonly Limit[] = [{ rule: 'rps', limit: 10, window: 1000 }]

function rigOf(
  script: ProviderScript,
  options: RecommendedOptions = {},
): { readonly rig: StrategyRig; shown(): Inspection } {
  const { strategy, shown } = exposing(recommended(options), 'recommended')
  return { rig: strategyRig({ strategy, script, serviceTime: 40 }), shown }
}

test('the name tells what it was told', () => {
  expect(recommended().name).toBe('recommended')
  expect(recommended({ skipLate: false }).name).toBe('recommended, late too')
  expect(recommended({ limits }).name).toBe('recommended(rps 10/1000 ms)')
  expect(recommended({ alone: false, limits, retriesFirst: false }).name).toBe('recommended(steer, fifo)')
  expect(recommended({ alone: true, limits }).name).toBe('recommended(tide(rps 10/1000 ms))')
})

test.each([undefined, true, false])('wrong limits are an error with alone: %s', (alone) => {
  const options = { limits: [], ...(alone === undefined ? {} : { alone }) }
  expect(() => recommended(options)).toThrow('Expected `limits` to be a list of one or more limits, got an empty list')
})

describe('a process that is alone', () => {
  test('finds the limit, keeps to it, and fills it', async () => {
    const { rig, shown } = rigOf(slidingWindow(10, 1000))
    await rig.run(callsAtOnce(2000))
    expect(shown()).toMatchObject({
      isSharing: false,
      refuted: 0,
      limits: [{ unit: 'requests', window: 1000, limit: 10 }],
    })
    const instants = rig.instants()
    const lastHundred = instants.slice(-100)
    expect(lastHundred.at(-1)! - lastHundred[0]!).toBeLessThan(1.08 * 9900)
    expect(rig.attempts.length).toBeLessThan(1.05 * 2000)
  })

  test('told the limit, keeps to it from the beginning', async () => {
    const { rig, shown } = rigOf(slidingWindow(10, 1000), { limits })
    await rig.run(callsAtOnce(300))
    expect(shown()).toMatchObject({ isSharing: false, refuted: 0 })
    expect(rig.instants().at(-1)).toBeLessThan(32_000)
  })
})

test('shares again when a denial refutes the limit', async () => {
  const before = slidingWindow(10, 1000)
  const after = slidingWindow(4, 1000)
  const { rig, shown } = rigOf((call, n, now) => (now < 30_000 ? before : after)(call, n, now), { limits })
  await rig.run(callsAtOnce(400))
  expect(shown().refuted).toBeGreaterThan(0)
})

test('a process whose denials do not depend on what it sends goes on sharing', async () => {
  let count = 0
  const { rig, shown } = rigOf(() => (++count % 7 === 3 || count % 11 === 5 ? throttledReply('requests') : okReply()))
  await rig.run(callsAtOnce(1500))
  expect(shown()).toMatchObject({ isSharing: true, refuted: 0 })
})
